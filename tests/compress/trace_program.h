// Shared by the trace programs that tests compare with other software: arrays in files, and a main
// function.
#pragma once

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/files/file.h"

namespace minima {

/// All values of a binary file.
template <typename T>
std::vector<T> read_values(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  std::vector<T> values(bytes.size() / sizeof(T));
  bytes.copy(reinterpret_cast<char*>(values.data()), bytes.size());
  return values;
}

template <typename T>
void write_values(const std::filesystem::path& path, const std::vector<T>& values) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size() * sizeof(T)));
}

/// Calls trace(folder, words) with the arguments of a program, at least `least` of them; returns
/// its exit code.
template <typename Trace>
int trace_program(int argc, char** argv, int least, const char* usage, Trace trace) {
  if (argc < least) {
    std::fprintf(stderr, "usage: %s\n", usage);
    return 2;
  }
  try {
    trace(std::filesystem::path(argv[1]), std::vector<std::string>(argv + 2, argv + argc));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}

}  // namespace minima
