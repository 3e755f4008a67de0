// Activations of networks: what range they have, and rounding them to formats.
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

/// Looks at what it sees, and changes nothing.
class ActivationRecorder final : public engine::ActivationTransform {
 public:
  explicit ActivationRecorder(const compress::Clipping& clipping) : clipping_(clipping) {}

  void apply(std::size_t layer, int site, float* values, std::size_t features, std::size_t stride,
             std::size_t images) const override;

  /// For codes of a format, or for the many steps of a floating-point one.
  [[nodiscard]] ActivationRanges ranges(compress::NumberFormat format) const;

 private:
  compress::Clipping clipping_;
  // Counting takes ten times as long as looking for the ends, which are enough for some rules.
  mutable ActivationRanges ends_;
  mutable std::map<ActivationPlace, compress::ActivationHistogram> histograms_;
};

/// Rounds activations to a format within ranges that were calibrated before; what is beyond them is
/// clamped, and has no gradient.
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

/// In training, where ranges change: an exponential moving average of the largest and smallest
/// value of each batch with a decay of 0.99, as Jacob et al. 2018 (arXiv 1712.05877, section 3.1)
/// do, from the first batch on. For one run and one training.
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
