// Compares text with approved files. If MINIMA_APPROVE is set, the files are written instead;
// review the difference before committing it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/files/file.h"

namespace minima::report {

inline void expect_approved(const std::string& text, const std::string& name) {
  const std::filesystem::path file = std::filesystem::path(MINIMA_APPROVED) / (name + ".txt");
  if (std::getenv("MINIMA_APPROVE") != nullptr) {
    write_file_atomically(file, text);
    return;
  }
  EXPECT_EQ(text, read_file(file)) << file;
}

/// The longest line of a text, in characters.
inline std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    longest = std::max(longest, end - begin);
    begin = end + 1;
  }
  return longest;
}

}  // namespace minima::report
