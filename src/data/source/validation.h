// A part of the training images that is held out, so that something may be chosen by it.
#pragma once

#include "data/dataset.h"

namespace minima::data {

/// Moves the share of each class (rounded; 0 < share < 1) out of `train`, drawn at random from a
/// key of its own: the same images in every study. Both splits keep the order of their images. One
/// image of each class stays at least; of a class with few images nothing may be moved.
[[nodiscard]] Split hold_out(Split& train, const ImageShape& shape, int classes, double share);

/// How many images hold_out moves, by the labels alone.
[[nodiscard]] std::int64_t held_out_count(std::span<const std::uint16_t> labels, int classes,
                                          double share);

}  // namespace minima::data
