// Exports an integer network as an int8 TensorFlow Lite model. Input: one image [1][height][width]
// [channels], each pixel a byte less 128; output: logits [1][classes] as codes of 8 bits.
#pragma once

#include <string>

#include "compress/integer/integer_network.h"
#include "deploy/provenance.h"
#include "deploy/tflite/tflite_logits.h"

namespace minima::deploy {

/// A model of int8 weights and activations that computes what the integer network computes:
/// weights, biases, scales and rounding to the nearest code. Ties may be rounded in another way.
/// Input error if weights or activations have more than 8 bits, if centred weights do not fit
/// -127..127, or if channels are padded with different codes.
[[nodiscard]] std::string tflite_of_integers(const compress::IntegerNetwork& network,
                                             const LogitCodes& codes, const Provenance& provenance);

}  // namespace minima::deploy
