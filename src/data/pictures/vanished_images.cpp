#include "data/pictures/vanished_images.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/text.h"

namespace minima::data {

void VanishedImages::add(const Picture& picture, const std::filesystem::path& file) {
  ++all_;
  if (picture.vanishes && count_++ == 0) first_ = file;
}

std::vector<std::string> VanishedImages::notes(const std::filesystem::path& folder) const {
  if (count_ == 0) return {};
  const auto text = [](std::size_t number) { return grouped(static_cast<std::int64_t>(number)); };
  return {fmt::format(
      "nothing is left of {} images (such as {}): they are transparent, the rest of them is white, "
      "and transparent pixels are drawn over white; draw them over black, for example with "
      "ImageMagick's mogrify -background black -alpha remove",
      count_ == all_ ? "all " + text(all_) : fmt::format("{} of {}", text(count_), text(all_)),
      printable(first_.lexically_relative(folder).string(), 120))};
}

}  // namespace minima::data
