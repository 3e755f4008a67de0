// The result of reading any file format: images and labels of a training and a test split, and of a
// validation split if requested. Pixels are 8 bit. Immutable once loaded.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/shape.h"

namespace minima::data {

/// Images [count][channels][height][width], one byte a pixel, and their labels [count].
struct Split {
  std::vector<std::uint8_t> images;
  std::vector<std::uint16_t> labels;
  /// The file of each image, relative to the folder or archive of the dataset: [count]. Empty if
  /// images are not files of their own.
  std::vector<std::string> files = {};

  [[nodiscard]] std::size_t count() const { return labels.size(); }
};

struct Dataset {
  std::string name;    ///< the requested notation in canonical form; used as the key everywhere
  std::string origin;  ///< source, for display: files read, or "generated"
  ImageShape shape;
  std::vector<std::string> class_names;  ///< by label
  Split train;
  Split validation;  ///< held out of the training images for model selection; usually empty
  Split test;
  /// One sentence each: what was left out or changed while reading, and what looks wrong.
  std::vector<std::string> notes;
  std::string checksum;  ///< SHA-256 over shape, images and labels of all splits

  [[nodiscard]] Problem problem() const { return {shape, static_cast<int>(class_names.size())}; }
};

/// SHA-256 over shape, labels and images of all splits; independent of their origin and of class
/// names. Every reader and generator ends with `dataset.checksum = content_checksum(dataset)`.
[[nodiscard]] std::string content_checksum(const Dataset& dataset);

/// Mean and standard deviation per channel of a split's pixels, scaled to 0..1.
struct PixelStatistics {
  std::vector<double> mean;
  std::vector<double> sd;
};
[[nodiscard]] PixelStatistics pixel_statistics(const Split& split, const ImageShape& shape);

/// Number of images of each class: [classes].
[[nodiscard]] std::vector<std::int64_t> class_counts(const Split& split, int classes);

}  // namespace minima::data
