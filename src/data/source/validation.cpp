#include "data/source/validation.h"

#include <algorithm>
#include <cmath>

#include "core/numbers/random.h"

namespace minima::data {
namespace {

/// The number held out of a class with this number of images.
std::size_t held_out_of(std::size_t images, double share) {
  if (images == 0) return 0;
  const auto rounded =
      static_cast<std::size_t>(std::floor(static_cast<double>(images) * share + 0.5));
  return std::min(rounded, images - 1);
}

/// Draws the images to move: a flag per image.
std::vector<bool> drawn(const Split& train, int classes, double share, HeldOut purpose) {
  const std::uint64_t subject =
      subject_of(purpose == HeldOut::validation ? "validation" : "test of a table");
  std::vector<std::vector<std::size_t>> by_class(static_cast<std::size_t>(classes));
  for (std::size_t i = 0; i < train.count(); ++i) by_class.at(train.labels[i]).push_back(i);
  std::vector<bool> is_drawn(train.count(), false);
  for (std::size_t label = 0; label < by_class.size(); ++label) {
    std::vector<std::size_t>& images = by_class[label];
    RandomStream stream(0, subject_of(subject, label), Purpose::split);
    stream.shuffle(std::span(images));
    const std::size_t count = held_out_of(images.size(), share);
    for (std::size_t i = 0; i < count; ++i) is_drawn[images[i]] = true;
  }
  return is_drawn;
}

}  // namespace

std::int64_t held_out_count(std::span<const std::uint16_t> labels, int classes, double share) {
  std::vector<std::size_t> images(static_cast<std::size_t>(classes), 0);
  for (const std::uint16_t label : labels) ++images.at(label);
  std::size_t count = 0;
  for (const std::size_t of_class : images) count += held_out_of(of_class, share);
  return static_cast<std::int64_t>(count);
}

Split hold_out(Split& train, const ImageShape& shape, int classes, double share, HeldOut purpose) {
  const std::vector<bool> is_drawn = drawn(train, classes, share, purpose);
  const auto pixels = static_cast<std::ptrdiff_t>(shape.pixels());
  Split kept;
  Split held_out;
  for (std::size_t i = 0; i < train.count(); ++i) {
    Split& split = is_drawn[i] ? held_out : kept;
    const auto image = train.images.begin() + static_cast<std::ptrdiff_t>(i) * pixels;
    split.images.insert(split.images.end(), image, image + pixels);
    split.labels.push_back(train.labels[i]);
    if (!train.files.empty()) split.files.push_back(std::move(train.files[i]));
  }
  train = std::move(kept);
  return held_out;
}

}  // namespace minima::data
