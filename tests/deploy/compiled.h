// Generated C, compiled and run.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "core/file.h"
#include "deploy/c_export.h"

namespace minima::deploy {

/// A folder of this test's own, gone with it.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "minima-deploy-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Writes a file; returns its path.
  std::filesystem::path write(const std::string& name, const std::string& content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

/// Exit code of a shell command in a folder; its output goes to "out" there.
inline int shell(const Folder& folder, const std::string& command) {
  return std::system(
      ("cd '" + folder.path().string() + "' && (" + command + ") > out 2>&1").c_str());
}

inline std::string output(const Folder& folder) {
  return read_file(folder.path() / "out");
}

inline bool has_compiler(const std::string& compiler) {
  return std::system(("command -v " + compiler + " > /dev/null 2>&1").c_str()) == 0;
}

inline constexpr const char* kStrict = "-std=c99 -Wall -Wextra -Werror -pedantic";
inline constexpr const char* kUndefined = "-O1 -fsanitize=undefined -fno-sanitize-recover=all";

/// Writes the sources and compiles them into a program of their name; false where that failed.
inline bool compiles(const Folder& folder, const CSources& sources, const std::string& compiler) {
  folder.write(sources.file + ".h", sources.header);
  folder.write(sources.file + ".c", sources.source);
  folder.write(sources.file + "_main.c", sources.program);
  const int result = shell(folder, compiler + " " + kStrict + " -o " + sources.name + " '" +
                                       sources.file + ".c' '" + sources.file + "_main.c'");
  if (result != 0) ADD_FAILURE() << output(folder) << "\n" << sources.source;
  return result == 0;
}

/// What the program prints for images in a file: a line of class and logits for each.
inline std::vector<std::vector<std::int32_t>> logits_of(const Folder& folder,
                                                        const std::string& name,
                                                        std::span<const std::uint8_t> images) {
  folder.write("images", std::string(images.begin(), images.end()));
  EXPECT_EQ(shell(folder, "./" + name + " --logits images"), 0) << output(folder);
  std::vector<std::vector<std::int32_t>> all;
  std::istringstream lines(output(folder));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream numbers(line);
    all.emplace_back();
    for (std::int32_t number = 0; numbers >> number;) all.back().push_back(number);
  }
  return all;
}

}  // namespace minima::deploy
