// The generated data set `glyphs`: ten symbols drawn with a pen, 28x28 grey.
#pragma once

#include "data/dataset.h"
#include "data/generated/generated.h"

namespace minima::data {

/// Circle, cross, triangle, square, arrow, spiral, wave, star, heart and hourglass, bright on
/// black. Each image has a random rotation, scale, shear and shift, an elastic distortion, a random
/// stroke width and ink, and noise. All of them grow with the difficulty. The same bytes on every
/// machine. Throws like generate() in image_generator.h.
[[nodiscard]] Dataset make_glyphs(const GeneratedSettings& settings, std::size_t jobs = 1);

}  // namespace minima::data
