// Calibrates the ranges of activations and rounds activations to number formats.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "compress/quantize/activation_histogram.h"
#include "compress/quantize/activation_quantizer.h"
#include "engine/backend.h"

namespace minima::run {

/// Layer and site, as in engine/activation_transform.h.
using ActivationPlace = std::pair<std::size_t, int>;

using ActivationRanges = std::map<ActivationPlace, compress::Range>;

/// Observes the activations without changing them.
class ActivationRecorder final : public engine::ActivationTransform {
 public:
  explicit ActivationRecorder(const compress::Clipping& clipping) : clipping_(clipping) {}

  void apply(std::size_t layer, int site, float* values, std::size_t features, std::size_t stride,
             std::size_t images) const override;

  /// Ranges for the codes of an integer format, or for the many steps of a floating-point format.
  [[nodiscard]] ActivationRanges ranges(compress::NumberFormat format) const;

 private:
  compress::Clipping clipping_;
  // A histogram takes ten times as long as minimum and maximum, which suffice for some rules.
  mutable ActivationRanges ends_;
  mutable std::map<ActivationPlace, compress::ActivationHistogram> histograms_;
};

/// Rounds activations to a format within calibrated ranges. Values outside are clamped and have
/// zero gradient.
class ActivationRounding final : public engine::ActivationTransform {
 public:
  ActivationRounding(compress::NumberFormat format, const ActivationRanges& ranges);

  void apply(std::size_t layer, int site, float* values, std::size_t features, std::size_t stride,
             std::size_t images) const override;
  void backward(std::size_t layer, int site, const float* original, float* gradient,
                std::size_t features, std::size_t stride, std::size_t images) const override;

 private:
  std::map<ActivationPlace, compress::ActivationQuantizer> quantizers_;
};

/// Rounding for training, where ranges change. Uses an exponential moving average (decay 0.99) of
/// each batch's minimum and maximum, starting with the first batch (Jacob et al. 2018, arXiv
/// 1712.05877, section 3.1). An object serves one run and one training.
class ActivationAveraging final : public engine::ActivationTransform {
 public:
  explicit ActivationAveraging(compress::NumberFormat format) : format_(format) {}

  void apply(std::size_t layer, int site, float* values, std::size_t features, std::size_t stride,
             std::size_t images) const override;
  void backward(std::size_t layer, int site, const float* original, float* gradient,
                std::size_t features, std::size_t stride, std::size_t images) const override;

 private:
  struct Place {
    compress::Range range;
    std::optional<compress::ActivationQuantizer> quantizer;
  };
  compress::NumberFormat format_;
  mutable std::map<ActivationPlace, Place> places_;
};

}  // namespace minima::run
