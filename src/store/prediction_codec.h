// How classes and outcomes of images stand in the database. docs/store.md describes the bytes.
//
// A good network is right about most images. A prediction is therefore written as 0 where it is
// right, and deflated; a variant is written as the images where it differs from its run. Both need
// far less than a byte an image.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace minima::store {

using Bytes = std::span<const std::uint8_t>;
using Classes = std::span<const std::uint16_t>;

/// Classes of images, one byte each (two, low byte first, with more than 256 classes), deflated.
[[nodiscard]] std::vector<std::uint8_t> encode_labels(Classes labels, int classes);

/// Nothing if the bytes do not hold exactly `count` classes below `classes`. So do all decoders.
[[nodiscard]] std::optional<std::vector<std::uint16_t>> decode_labels(Bytes bytes,
                                                                      std::size_t count,
                                                                      int classes);

/// Per image 0 if the prediction is right, else 1 + the predicted class; one byte each (two, low
/// byte first, with more than 255 classes), deflated. Both spans have equal sizes.
[[nodiscard]] std::vector<std::uint8_t> encode_predictions(Classes predicted, Classes labels,
                                                           int classes);
[[nodiscard]] std::optional<std::vector<std::uint16_t>> decode_predictions(Bytes bytes,
                                                                           Classes labels,
                                                                           int classes);

/// The images whose prediction is right: 1, else 0. Needs no labels.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> decode_right(Bytes bytes, std::size_t count,
                                                                    int classes);

/// One bit per image, the first image in the lowest bit of the first byte, deflated: 1 where
/// `right` (1 or 0 per image) differs from `base`. An empty base stands for 1 everywhere.
[[nodiscard]] std::vector<std::uint8_t> encode_outcomes(Bytes right, Bytes base);
[[nodiscard]] std::optional<std::vector<std::uint8_t>> decode_outcomes(Bytes bytes,
                                                                       std::size_t count,
                                                                       Bytes base);

}  // namespace minima::store
