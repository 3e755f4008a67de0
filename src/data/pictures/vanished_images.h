// Counts pictures of which nothing can be seen once transparent pixels are drawn over white.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/pictures/picture.h"

namespace minima::data {

class VanishedImages {
 public:
  void add(const Picture& picture, const std::filesystem::path& file);

  /// One note, which names a file relative to `folder`, or none.
  [[nodiscard]] std::vector<std::string> notes(const std::filesystem::path& folder) const;

 private:
  std::size_t count_ = 0;
  std::size_t all_ = 0;
  std::filesystem::path first_;
};

}  // namespace minima::data
