// A linear map in integers between real numbers: the products of networks whose other layers
// (softmax, layer norm, GELU, residuals) stay in floating point - vision transformers.
//
//   y[o] = s_w[o] s_x sum over i of (weight code - z_w) (code of x[i] - z_x) + bias[o]
//
// The sum is exact in 32 bits. So y is what rounding weights and inputs to their grids and
// multiplying real numbers gives, but for the rounding of that product: a simulation with rounded
// floats may stand for it.
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
  /// Nothing where the weights are not integers, or where a sum may leave 32 bits. Throws
  /// std::invalid_argument for biases that are not one per output channel of the weight.
  [[nodiscard]] static std::optional<IntegerLinear> make(const QuantizedTensor& weight,
                                                         std::span<const float> biases,
                                                         const AffineGrid& input);

  /// y [outputs] from x [inputs].
  void apply(std::span<const float> x, std::span<float> y) const;

  [[nodiscard]] std::size_t outputs() const { return biases_.size(); }

 private:
  IntegerLinear() = default;

  AffineGrid input_;
  std::vector<std::int32_t> weights_;  // centred, [outputs][inputs]
  std::vector<float> scales_;          // [outputs], of the sums
  std::vector<float> biases_;
};

}  // namespace minima::compress
