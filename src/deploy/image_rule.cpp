#include "deploy/image_rule.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace minima::deploy {

std::string scaling_text(const engine::PixelScaling& scaling) {
  std::string text;
  for (std::size_t c = 0; c < scaling.scale.size(); ++c) {
    text += fmt::format("{}byte x {} + {}", c == 0 ? "" : ", ", scaling.scale[c], scaling.shift[c]);
  }
  return text;
}

std::vector<std::string> image_rule(const ImageShape& image, const engine::PixelScaling& scaling) {
  std::vector<std::string> rule;
  rule.push_back(fmt::format(
      "An image has {} bytes: {} of {} rows of {} pixels, from the top left.", image.pixels(),
      image.channels == 1   ? "one grey channel"
      : image.channels == 3 ? "red, then green, then blue, each"
                            : fmt::format("{} channels, one after the other, each", image.channels),
      image.height, image.width));
  rule.emplace_back(
      image.channels == 1
          ? "Colour becomes grey by ITU-R Rec. 601 (0.299 R + 0.587 G + 0.114 B); what is "
            "transparent lies over white."
          : "Grey is repeated in every channel; what is transparent lies over white.");
  rule.push_back(fmt::format(
      "An image of another size is resized to {} x {} (width x height), each axis by itself: the "
      "mean over the covered area to shrink, linear interpolation between the centres of pixels to "
      "enlarge. The name of the dataset says if the training images were resized in another way.",
      image.width, image.height));
  rule.push_back(fmt::format("The network scales the bytes itself ({}), so give them unchanged.",
                             scaling_text(scaling)));
  return rule;
}

std::vector<std::string> wrapped(const std::string& text, std::size_t columns) {
  std::vector<std::string> lines;
  for (const std::string& word : split(text, ' ')) {
    if (!lines.empty() && lines.back().size() + 1 + word.size() <= columns) {
      lines.back() += " " + word;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

}  // namespace minima::deploy
