// A network as an ONNX model: bytes of images [batch][channels][height][width] in, logits [batch]
// [classes] out. The scaling of pixels is part of the model.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "compress/integer/integer_network.h"
#include "deploy/provenance.h"
#include "network/notation/architecture.h"

namespace minima::deploy {

/// Of 32-bit floats, for every family. `values`: of all parameters, in the order of the tensors.
[[nodiscard]] std::string onnx_of_floats(const network::Architecture& architecture,
                                         std::span<const float> values,
                                         const Provenance& provenance);

/// Of an integer network, weights and activations of at most 8 bits, as QuantizeLinear and
/// DequantizeLinear around operators of floats, which runtimes turn into integer ones. Activations
/// may be a step apart from minima's, which rounds ties away from zero, not to even. Logits are
/// real numbers. Throws an input error for what ONNX cannot say.
[[nodiscard]] std::string onnx_of_integers(const compress::IntegerNetwork& network,
                                           const Provenance& provenance);

}  // namespace minima::deploy
