// Batches: images drawn from a split, scaled, and laid out for the kernels. All runs of a cohort
// share them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/aligned.h"
#include "data/dataset.h"
#include "engine/layers/layer.h"
#include "engine/prepared_dataset.h"

namespace minima::engine {

class Batch {
 public:
  Batch(const ImageShape& image, const BatchShape& shape, PixelScaling scaling);

  /// Loads split.images[indices], at most shape.images of them.
  void load(const data::Split& split, std::span<const std::uint32_t> indices);

  [[nodiscard]] LayerInput input() const {
    return {.by_feature = by_feature_.data(), .by_image = by_image_.data(), .images = images_};
  }
  /// [stride], -1 in the padding lanes.
  [[nodiscard]] const std::int32_t* labels() const { return labels_.data(); }
  [[nodiscard]] std::size_t images() const { return images_; }

 private:
  ImageShape image_;
  BatchShape shape_;
  PixelScaling scaling_;
  std::size_t images_ = 0;
  AlignedBuffer<float> by_feature_;     // [pixels][stride]
  AlignedBuffer<float> by_image_;       // [stride][pixels]
  AlignedBuffer<std::int32_t> labels_;  // [stride]
};

}  // namespace minima::engine
