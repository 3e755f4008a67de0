// What the C program of a network takes of a microcontroller: estimates, not measurements.
#pragma once

#include <cstdint>

#include "analysis/recommend/prediction_cost.h"
#include "study/file/devices.h"

namespace minima::analysis {

struct DeviceUse {
  std::int64_t flash_bytes = 0;  ///< weights and code
  std::int64_t ram_bytes = 0;    ///< activations, logits, the image and 256 bytes of stack
  double milliseconds = 0.0;     ///< of one prediction; pruned weights count like others

  [[nodiscard]] bool fits(const study::Device& device) const {
    return flash_bytes <= device.flash_bytes && ram_bytes <= device.ram_bytes;
  }
};

/// `packed_bytes`: size of the weights; `bits`: of each of them. The network must have a C program
/// (`cost.ram_bytes`).
[[nodiscard]] DeviceUse device_use(const study::Device& device, const PredictionCost& cost,
                                   std::int64_t packed_bytes, int bits);

}  // namespace minima::analysis
