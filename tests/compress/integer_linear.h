// A linear map in integer arithmetic with floating-point inputs and outputs. It is for networks
// whose other layers (softmax, layer norm, GELU, residuals) stay in floating point: vision
// transformers.
//
//   y[o] = s_w[o] s_x sum over i of (weight code - z_w) (code of x[i] - z_x) + bias[o]
//
// The sum is exact in 32 bits. So y equals the product of real weights and inputs rounded to their
// grids, up to the rounding of that product. A simulation with rounded floats may therefore replace
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "compress/quantize/affine_grid.h"
#include "compress/quantize/quantizer.h"

namespace minima::compress {

class IntegerLinear {
 public:
  /// Returns nothing if the weights are not integers, or if a sum may exceed 32 bits. Throws
  /// std::invalid_argument unless there is one bias per output channel of the weight.
  [[nodiscard]] static std::optional<IntegerLinear> make(const QuantizedTensor& weight,
                                                         std::span<const float> biases,
                                                         const AffineGrid& input);

  /// y [outputs] from x [inputs].
  void apply(std::span<const float> x, std::span<float> y) const;

  [[nodiscard]] std::size_t outputs() const { return biases_.size(); }

 private:
  IntegerLinear() = default;

  AffineGrid input_;
  std::vector<std::int32_t> weights_;  // code - zero point, [outputs][inputs]
  std::vector<float> scales_;          // [outputs], scale of the sums
  std::vector<float> biases_;
};

}  // namespace minima::compress
