// Ways to damage a store.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "store/sqlite_database.h"

namespace minima::store {

inline std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

inline void flip_bit(const std::filesystem::path& path, std::uint64_t byte, int bit) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(byte));
  const int value = file.get();
  file.seekp(static_cast<std::streamoff>(byte));
  file.put(static_cast<char>(value ^ (1 << bit)));
}

inline void execute(const std::filesystem::path& store, const std::string& sql) {
  Database(store / "runs.sqlite", Database::Access::write).execute(sql);
}

}  // namespace minima::store
