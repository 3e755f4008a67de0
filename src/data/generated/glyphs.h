// The generated data set `glyphs`: ten symbols drawn with a pen, 28x28 grey.
#pragma once

#include "data/dataset.h"
#include "data/generated/generated.h"

namespace minima::data {

/// Circle, cross, triangle, square, arrow, spiral, wave, star, heart and hourglass, bright on
/// black, each under a random rotation, scale, shear and shift, an elastic distortion, its own
/// stroke width and ink, and noise; all of them grow with the difficulty. The same bytes on every
/// machine. Throws as generate() in image_generator.h does.
[[nodiscard]] Dataset make_glyphs(const GeneratedSettings& settings);

}  // namespace minima::data
