// Holds out part of the training images for model selection or for testing.
#pragma once

#include "data/dataset.h"

namespace minima::data {

/// What images are held out for. Each draws with a key of its own.
enum class HeldOut { validation, test };

/// Moves the fraction `share` of each class (rounded; 0 < share < 1) out of `train`. Images are
/// drawn at random with a separate key: the same images in every study. Both splits keep the order
/// of their images. At least one image of each class stays; a class with few images may lose none.
[[nodiscard]] Split hold_out(Split& train, const ImageShape& shape, int classes, double share,
                             HeldOut purpose = HeldOut::validation);

/// The number of images that hold_out moves, from the labels alone.
[[nodiscard]] std::int64_t held_out_count(std::span<const std::uint16_t> labels, int classes,
                                          double share);

}  // namespace minima::data
