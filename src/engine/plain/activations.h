// Interprets transforms of activations, one image after another.
#pragma once

#include <map>
#include <vector>

#include "compress/quantize/activation_histogram.h"
#include "engine/plain/operations.h"
#include "engine/transforms.h"

namespace minima::engine::plain {

/// One vector of values per image of a batch.
using Images = std::vector<Vector>;

class Activations {
 public:
  explicit Activations(const ActivationTransform& transform) : transform_(transform) {}

  [[nodiscard]] bool is_active() const { return transforms(transform_); }
  /// Whether the following batches are training batches.
  void set_training(bool is_training) { is_training_ = is_training; }
  /// Transforms the values of a batch in place.
  void apply(const ActivationPlace& place, Images& values);
  /// Sets the gradient of values to zero that were clamped.
  void stop_gradient(const ActivationPlace& place, const Images& original, Images& gradient) const;
  /// What MeasureRanges has measured.
  [[nodiscard]] ActivationRanges ranges() const;

 private:
  void measure(const MeasureRanges& measure, const ActivationPlace& place, const Images& values);
  void move_range(const ActivationPlace& place, const Images& values);
  [[nodiscard]] compress::NumberFormat format() const;

  ActivationTransform transform_;
  bool is_training_ = false;
  ActivationRanges ranges_;  // fixed, moving or measured
  std::map<ActivationPlace, compress::ActivationHistogram> histograms_;
};

}  // namespace minima::engine::plain
