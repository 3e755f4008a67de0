// Images without content, by the range of their pixels, and grey stored as colour.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <span>

#include "core/text.h"
#include "data/inspect/findings.h"

namespace minima::data {
namespace {

// An image whose pixels differ by less than a quarter of the range is flat: 12 bits in files of 16
// bits reach 16 of 255, 14 bits 64, and a mask of 0 and 1 stays at 1. Photographs of low contrast
// are flat, too, so a split is reported only if nearly all of its images are. Of MNIST and
// Fashion-MNIST no image is flat, of CIFAR-10 one.
constexpr int kFlatRange = 64;
constexpr double kNearlyAll = 0.9;

// JPEG stores colour differences with errors of a few units; grey images stay below.
constexpr int kGreyTolerance = 4;

std::span<const std::uint8_t> image_of(const Split& split, std::size_t i, const ImageShape& shape) {
  const auto pixels = static_cast<std::size_t>(shape.pixels());
  return std::span(split.images).subspan(i * pixels, pixels);
}

struct Ranges {
  std::size_t flat = 0;
  std::size_t blank = 0;  ///< all pixels of a channel equal
  int low = 255;          ///< over the flat images
  int high = 0;
};

/// Compilers make vector instructions of these two loops.
std::pair<int, int> range_of(std::span<const std::uint8_t> pixels) {
  std::uint8_t low = 255;
  std::uint8_t high = 0;
  for (const std::uint8_t pixel : pixels) {
    low = std::min(low, pixel);
    high = std::max(high, pixel);
  }
  return {low, high};
}

bool is_blank(std::span<const std::uint8_t> image, int channels) {
  const std::size_t plane = image.size() / static_cast<std::size_t>(channels);
  for (int c = 0; c < channels; ++c) {
    const auto [low, high] = range_of(image.subspan(static_cast<std::size_t>(c) * plane, plane));
    if (low != high) return false;
  }
  return true;
}

Ranges ranges_of(const Split& split, const ImageShape& shape) {
  Ranges ranges;
  for (std::size_t i = 0; i < split.count(); ++i) {
    const auto image = image_of(split, i, shape);
    const auto [low, high] = range_of(image);
    if (is_blank(image, shape.channels)) ++ranges.blank;
    if (high - low >= kFlatRange) continue;
    ++ranges.flat;
    ranges.low = std::min(ranges.low, low);
    ranges.high = std::max(ranges.high, high);
  }
  return ranges;
}

void add_blank(Notes& notes, const NamedSplit& each, const Ranges& ranges) {
  const std::size_t all = each.split->count();
  if (!is_notable(ranges.blank, all)) return;
  const bool is_white = ranges.blank == all && ranges.low == 255;
  const bool is_black = ranges.blank == all && ranges.high == 0;
  notes.push_back(fmt::format("{} {} images {} blank: {}", part_text(ranges.blank, all), each.name,
                              ranges.blank == 1 ? "is" : "are",
                              is_white   ? "every pixel is white"
                              : is_black ? "every pixel is black"
                                         : "all their pixels are equal"));
}

void add_flat(Notes& notes, const NamedSplit& each, const Ranges& ranges) {
  const std::size_t all = each.split->count();
  if (static_cast<double>(ranges.flat) < kNearlyAll * static_cast<double>(all)) return;
  if (ranges.high - ranges.low >= kFlatRange) {
    notes.push_back(fmt::format(
        "{} {} images have hardly any contrast: their pixels differ by less than {} of 255",
        part_text(ranges.flat, all), each.name, kFlatRange));
    return;
  }
  const char* cause = ranges.high <= 1  ? "; a mask of 0 and 1 must be multiplied by 255"
                      : ranges.low > 16 ? ""
                      : ranges.high <= 16
                          ? "; 12 bits stored in 16 must be multiplied by 16"
                          : "; values of fewer bits than the file must be scaled up";
  notes.push_back(fmt::format("the pixels of {} {} images use only {} to {} of 255{}",
                              part_text(ranges.flat, all), each.name, ranges.low, ranges.high,
                              cause));
}

bool is_grey(std::span<const std::uint8_t> image) {
  const std::size_t plane = image.size() / 3;
  for (std::size_t i = 0; i < plane; ++i) {
    const int red = image[i];
    const int green = image[plane + i];
    const int blue = image[2 * plane + i];
    if (std::abs(red - green) > kGreyTolerance || std::abs(green - blue) > kGreyTolerance ||
        std::abs(red - blue) > kGreyTolerance) {
      return false;
    }
  }
  return true;
}

/// Stops at the first image with colour.
bool is_all_grey(const Dataset& dataset) {
  for (const NamedSplit& each : filled_splits(dataset)) {
    for (std::size_t i = 0; i < each.split->count(); ++i) {
      if (!is_grey(image_of(*each.split, i, dataset.shape))) return false;
    }
  }
  return true;
}

}  // namespace

Notes pixel_notes(const Dataset& dataset) {
  Notes notes;
  for (const NamedSplit& each : filled_splits(dataset)) {
    const Ranges ranges = ranges_of(*each.split, dataset.shape);
    add_blank(notes, each, ranges);
    if (ranges.blank < each.split->count()) add_flat(notes, each, ranges);
  }
  if (dataset.shape.channels == 3 && is_all_grey(dataset)) {
    notes.push_back(
        "all images are grey but stored as colour: channels=1 would make the first layer a third");
  }
  return notes;
}

}  // namespace minima::data
