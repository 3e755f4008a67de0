// How an image becomes the input of an exported network, in words.
#pragma once

#include <string>
#include <vector>

#include "core/shape.h"
#include "engine/prepared_dataset.h"

namespace minima::deploy {

/// Sentences: the order of the pixels, how other images must be converted and resized
/// (data/pictures/picture.h), and that the network scales pixels itself. `scaling`: of its
/// training.
[[nodiscard]] std::vector<std::string> image_rule(const ImageShape& image,
                                                  const engine::PixelScaling& scaling);

/// "byte x 0.00392157 + 0", for each channel.
[[nodiscard]] std::string scaling_text(const engine::PixelScaling& scaling);

/// `text` as lines of at most `columns` characters; a longer word gets a line of its own.
[[nodiscard]] std::vector<std::string> wrapped(const std::string& text, std::size_t columns);

}  // namespace minima::deploy
