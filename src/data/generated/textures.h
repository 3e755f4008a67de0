// The generated data set `textures`: ten patterns, 32x32 colour, that differ in local structure
// only.
#pragma once

#include "data/dataset.h"
#include "data/generated/generated.h"

namespace minima::data {

/// Horizontal, vertical, rising and falling stripes, checkers, dots, bricks, grid, zigzag and
/// rings, each in two random colours, at a random phase and period. No pixel's mean tells the
/// class, so that a convolution is worth having. The difficulty adds noise, lost contrast, uneven
/// light, a turn of the pattern, and patches that cover it. The same bytes on every machine. Throws
/// as generate() in image_generator.h does.
[[nodiscard]] Dataset make_textures(const GeneratedSettings& settings);

}  // namespace minima::data
