// Encoding of image classes and outcomes in the database. docs/store.md describes the bytes.
//
// A good network classifies most images correctly. A correct prediction is therefore written as 0
// and the result is deflated. A variant is written as the images where it differs from its run.
// Both take far less than one byte per image.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace minima::store {

using Bytes = std::span<const std::uint8_t>;
using Classes = std::span<const std::uint16_t>;

/// Classes of images, deflated: one byte each, or two (low byte first) for more than 256 classes.
[[nodiscard]] std::vector<std::uint8_t> encode_labels(Classes labels, int classes);

/// Returns nullopt unless the bytes hold exactly `count` classes below `classes`. The other
/// decoders check the same.
[[nodiscard]] std::optional<std::vector<std::uint16_t>> decode_labels(Bytes bytes,
                                                                      std::size_t count,
                                                                      int classes);

/// Per image: 0 if the prediction is correct, else 1 + the predicted class. Deflated; one byte
/// each, or two (low byte first) for more than 255 classes. Both spans have equal sizes.
[[nodiscard]] std::vector<std::uint8_t> encode_predictions(Classes predicted, Classes labels,
                                                           int classes);
[[nodiscard]] std::optional<std::vector<std::uint16_t>> decode_predictions(Bytes bytes,
                                                                           Classes labels,
                                                                           int classes);

/// Per image: 1 if the prediction is correct, else 0. Does not need labels.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> decode_right(Bytes bytes, std::size_t count,
                                                                    int classes);

/// One bit per image, the first image in the lowest bit of the first byte, deflated. A bit is 1 if
/// `right` (1 or 0 per image) differs from `base`. An empty base means 1 everywhere.
[[nodiscard]] std::vector<std::uint8_t> encode_outcomes(Bytes right, Bytes base);
[[nodiscard]] std::optional<std::vector<std::uint8_t>> decode_outcomes(Bytes bytes,
                                                                       std::size_t count,
                                                                       Bytes base);

}  // namespace minima::store
