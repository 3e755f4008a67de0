#include "analysis/recommend/device_use.h"

namespace minima::analysis {
namespace {

constexpr std::int64_t kStackBytes = 256;

}  // namespace

DeviceUse device_use(const study::Device& device, const PredictionCost& cost,
                     std::int64_t packed_bytes, int bits) {
  const study::CoreCost& core = device.core;
  const auto dense = static_cast<double>(cost.multiply_adds - cost.convolution_multiply_adds);
  const double unpacking = bits == 8 ? 0.0 : core.cycles_per_unpacking;
  const double cycles =
      static_cast<double>(cost.multiply_adds) * unpacking + dense * core.cycles_per_dense +
      static_cast<double>(cost.convolution_multiply_adds) * core.cycles_per_convolution +
      static_cast<double>(cost.outputs) * core.cycles_per_output;
  return {.flash_bytes = packed_bytes + core.code_bytes + cost.layers * core.code_bytes_per_layer,
          .ram_bytes = cost.ram_bytes.value_or(0) + cost.image_bytes + kStackBytes,
          .milliseconds = cycles / (device.megahertz * 1000.0)};
}

}  // namespace minima::analysis
