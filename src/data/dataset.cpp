#include "data/dataset.h"

#include <array>
#include <cmath>

#include "core/codes/sha256.h"

namespace minima::data {
namespace {

void add_number(Sha256& sha, std::uint64_t value) {
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(value >> (8 * i));
  }
  sha.add(bytes);
}

void add_split(Sha256& sha, const Split& split) {
  add_number(sha, split.count());
  std::vector<std::uint8_t> labels;
  labels.reserve(2 * split.count());
  for (const std::uint16_t label : split.labels) {
    labels.push_back(static_cast<std::uint8_t>(label & 0xff));
    labels.push_back(static_cast<std::uint8_t>(label >> 8));
  }
  sha.add(labels);
  sha.add(split.images);
}

}  // namespace

std::string content_checksum(const Dataset& dataset) {
  Sha256 sha;
  add_number(sha, static_cast<std::uint64_t>(dataset.shape.channels));
  add_number(sha, static_cast<std::uint64_t>(dataset.shape.height));
  add_number(sha, static_cast<std::uint64_t>(dataset.shape.width));
  add_split(sha, dataset.train);
  add_split(sha, dataset.test);
  // Sets without a validation split keep the checksums of versions before there was one.
  if (dataset.validation.count() > 0) add_split(sha, dataset.validation);
  return sha.hex();
}

PixelStatistics pixel_statistics(const Split& split, const ImageShape& shape) {
  const auto channels = static_cast<std::size_t>(shape.channels);
  const std::size_t plane = static_cast<std::size_t>(shape.height) * shape.width;
  PixelStatistics statistics{std::vector<double>(channels, 0.0),
                             std::vector<double>(channels, 0.0)};
  if (split.count() == 0 || plane == 0) return statistics;
  const double pixels = static_cast<double>(split.count()) * static_cast<double>(plane);
  for (std::size_t c = 0; c < channels; ++c) {
    // Sums of integers are exact and therefore the same on every machine.
    std::uint64_t sum = 0;
    std::uint64_t squares = 0;
    for (std::size_t n = 0; n < split.count(); ++n) {
      const std::uint8_t* image = split.images.data() + (n * channels + c) * plane;
      for (std::size_t i = 0; i < plane; ++i) {
        sum += image[i];
        squares += static_cast<std::uint64_t>(image[i]) * image[i];
      }
    }
    const double mean = static_cast<double>(sum) / pixels;
    const double variance = static_cast<double>(squares) / pixels - mean * mean;
    statistics.mean[c] = mean / 255.0;
    statistics.sd[c] = std::sqrt(variance > 0.0 ? variance : 0.0) / 255.0;
  }
  return statistics;
}

std::vector<std::int64_t> class_counts(const Split& split, int classes) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(classes), 0);
  for (const std::uint16_t label : split.labels) ++counts.at(label);
  return counts;
}

}  // namespace minima::data
