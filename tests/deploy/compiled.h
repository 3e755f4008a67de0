// Compiles and runs generated C.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "core/files/file.h"
#include "deploy/c/c_export.h"
#include "support/temporary_folder.h"

namespace minima::deploy {

inline void write(const std::filesystem::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

/// Runs a shell command in a folder and returns its exit code; output goes to the file "out" there.
inline int shell(const TemporaryFolder& folder, const std::string& command) {
  return std::system(
      ("cd '" + folder.path().string() + "' && (" + command + ") > out 2>&1").c_str());
}

inline std::string output(const TemporaryFolder& folder) {
  return read_file(folder.path() / "out");
}

inline bool has_compiler(const std::string& compiler) {
  return std::system(("command -v " + compiler + " > /dev/null 2>&1").c_str()) == 0;
}

inline constexpr const char* kStrict = "-std=c99 -Wall -Wextra -Werror -pedantic";
inline constexpr const char* kUndefined = "-O1 -fsanitize=undefined -fno-sanitize-recover=all";

/// Writes the sources and compiles them into a program of the same name. Returns false on failure.
inline bool compiles(const TemporaryFolder& folder, const CSources& sources,
                     const std::string& compiler) {
  write(folder / (sources.file + ".h"), sources.header);
  write(folder / (sources.file + ".c"), sources.source);
  write(folder / (sources.file + "_main.c"), sources.program);
  const int result = shell(folder, compiler + " " + kStrict + " -o " + sources.name + " '" +
                                       sources.file + ".c' '" + sources.file + "_main.c'");
  if (result != 0) ADD_FAILURE() << output(folder) << "\n" << sources.source;
  return result == 0;
}

/// The output of the program for a file of images: one line with class and logits per image.
inline std::vector<std::vector<std::int32_t>> logits_of(const TemporaryFolder& folder,
                                                        const std::string& name,
                                                        std::span<const std::uint8_t> images) {
  write(folder / "images", std::string(images.begin(), images.end()));
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
