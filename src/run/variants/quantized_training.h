// Training with quantized weights and activations.
#pragma once

#include <vector>

#include "run/variants/retraining.h"
#include "study/settings/compression_settings.h"

namespace minima::run {

/// Networks made by quantization-aware training: one per format of the protocol and run, ordered by
/// format. Their weights are still real numbers. Activations are rounded during training if the
/// protocol requires it, except in vision transformers. Empty if a stop was requested.
[[nodiscard]] std::vector<CompressedNetwork> quantization_aware_networks(
    const study::QuantizationProtocol& protocol, std::span<const TrainedRun> runs,
    const Retraining& retraining);

}  // namespace minima::run
