// The generated data set `textures`: ten patterns, 32x32 colour, that differ in local structure
// only.
#pragma once

#include "data/dataset.h"
#include "data/generated/generated.h"

namespace minima::data {

/// Horizontal, vertical, rising and falling stripes, checkers, dots, bricks, grid, zigzag and
/// rings, each in two random colours, with random phase and period. The mean of a pixel is the same
/// for all classes, so that convolutions have an advantage. The difficulty adds noise, contrast
/// loss, uneven light, a rotation of the pattern, and patches that cover it. The same bytes on
/// every machine. Throws like generate() in image_generator.h.
[[nodiscard]] Dataset make_textures(const GeneratedSettings& settings, std::size_t jobs = 1);

}  // namespace minima::data
