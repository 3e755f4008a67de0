// Exports a network as an ONNX model. Input: bytes of images [batch][channels][height][width];
// output: logits [batch][classes]. Pixel scaling is part of the model.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "compress/integer/integer_network.h"
#include "deploy/provenance.h"
#include "network/notation/architecture.h"

namespace minima::deploy {

/// A model of 32-bit floats, for every family. `values`: all parameters, in the order of the
/// tensors.
[[nodiscard]] std::string onnx_of_floats(const network::Architecture& architecture,
                                         std::span<const float> values,
                                         const Provenance& provenance);

/// A model of an integer network with weights and activations of at most 8 bits. Uses
/// QuantizeLinear and DequantizeLinear around float operators, which runtimes convert to integer
/// operators. Activations may differ from minima's by one step, because minima rounds ties away
/// from zero, not to even. Logits are real numbers. Throws an input error if ONNX cannot represent
/// the network.
[[nodiscard]] std::string onnx_of_integers(const compress::IntegerNetwork& network,
                                           const Provenance& provenance);

}  // namespace minima::deploy
