// Training with quantized weights and activations.
#pragma once

#include <vector>

#include "run/variants/retraining.h"
#include "study/compression_settings.h"

namespace minima::run {

/// The networks that quantization-aware training makes of runs: one per run and format of the
/// protocol, format by format, with weights that are still real numbers. Activations are rounded in
/// training too where the protocol says so, but for vision transformers. Empty when a stop was
/// asked for.
[[nodiscard]] std::vector<CompressedNetwork> quantization_aware_networks(
    const study::QuantizationProtocol& protocol, std::span<const TrainedRun> runs,
    const Retraining& retraining);

}  // namespace minima::run
