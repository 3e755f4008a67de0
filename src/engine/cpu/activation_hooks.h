// Interprets transforms of activations on the CPU.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "compress/quantize/activation_histogram.h"
#include "compress/quantize/activation_quantizer.h"
#include "engine/layers/activation_hook.h"

namespace minima::engine {

class RangeRecorder final : public ActivationHook {
 public:
  explicit RangeRecorder(const MeasureRanges& transform) : transform_(transform) {}

  void apply(const HookedActivations& which, float* values) override;

  [[nodiscard]] ActivationRanges ranges() const;

 private:
  MeasureRanges transform_;
  // A histogram takes ten times as long as minimum and maximum, which suffice for some rules.
  ActivationRanges ends_;
  std::map<ActivationPlace, compress::ActivationHistogram> histograms_;
};

class FixedRounding final : public ActivationHook {
 public:
  explicit FixedRounding(const RoundActivations& transform);

  void apply(const HookedActivations& which, float* values) override;
  void backward(const HookedActivations& which, const float* original, float* gradient) override;

 private:
  std::map<ActivationPlace, compress::ActivationQuantizer> quantizers_;
};

class MovingRounding final : public ActivationHook {
 public:
  explicit MovingRounding(const RoundToMovingRanges& transform) : format_(transform.format) {}

  void set_training(bool is_training) override { follows_ = is_training; }
  void apply(const HookedActivations& which, float* values) override;
  void backward(const HookedActivations& which, const float* original, float* gradient) override;

 private:
  struct Rounded {
    compress::Range range;
    std::optional<compress::ActivationQuantizer> quantizer;
  };
  compress::NumberFormat format_;
  bool follows_ = true;
  std::map<ActivationPlace, Rounded> places_;
};

/// Null if nothing is transformed.
[[nodiscard]] std::unique_ptr<ActivationHook> make_hook(const ActivationTransform& transform);

}  // namespace minima::engine
