// Collects the image files that cannot be decoded, to report all of them in one message.
#pragma once

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "data/pictures/picture.h"

namespace minima::data {

class BadFiles {
 public:
  /// `files`: number of image files in `folder`. Names are reported relative to it.
  BadFiles(std::filesystem::path folder, std::size_t files)
      : folder_(std::move(folder)), files_(files) {}

  /// Whether `work` reads the file without a BadPicture. A file that was bad before is not tried
  /// again.
  template <typename Work>
  bool accepts(const std::filesystem::path& file, const Work& work) {
    if (known_.contains(file)) return false;
    try {
      work();
      return true;
    } catch (const BadPicture& bad) {
      add(file, bad);
      return false;
    }
  }

  [[nodiscard]] std::size_t count() const { return list_.size(); }

  /// Throws an input error if there are any: one line with the first ten and their number.
  void refuse() const;

  /// Which files were left out, ten in a sentence, and at most a hundred by name.
  [[nodiscard]] std::vector<std::string> notes() const;

 private:
  struct BadFile {
    std::filesystem::path path;
    std::string where;
    std::string reason;
  };
  void add(const std::filesystem::path& file, const BadPicture& bad);
  [[nodiscard]] std::string listed(std::size_t begin, std::size_t end) const;

  std::filesystem::path folder_;
  std::size_t files_;
  std::vector<BadFile> list_;
  std::set<std::filesystem::path> known_;
};

}  // namespace minima::data
