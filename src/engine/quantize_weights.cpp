#include "engine/quantize_weights.h"

#include <algorithm>

#include "compress/quantize/parameter_quantizer.h"
#include "compress/quantize/quantizer.h"

namespace minima::engine {

void quantize(const QuantizeWeights& transform, const network::Tensor& tensor,
              const MaskedWeights& weights, std::span<float> values) {
  if (!compress::is_quantized(tensor) || network::is_named(tensor.spec.name, transform.keep)) {
    std::ranges::copy(weights.values, values.begin());
    return;
  }
  compress::fake_quantize(
      {.values = weights.values, .channels = tensor.rows(), .mask = weights.mask},
      transform.settings, values);
}

}  // namespace minima::engine
