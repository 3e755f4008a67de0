// What is wrong with a store, in the terms of its tables: for doctor.h alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "store/doctor.h"
#include "store/sqlite_reader.h"

namespace minima::store {

/// What an examination found, with what a repair needs to know.
struct Damage {
  Examination found;
  std::set<std::int64_t> runs;        ///< rows of runs to be planned again
  std::set<std::int64_t> compressed;  ///< rows of runs whose variants are to be made again
  std::set<std::int64_t> headers;     ///< numbers of sealed files to be written again
  std::set<std::string> analyses;     ///< to be made again
  std::size_t orphans = 0;            ///< kinds of rows that belong to nothing
  std::vector<std::filesystem::path> strays;

  void complain(const std::string& file, const std::string& problem, bool repairable);
};

/// The files of weights and every weight in them.
void examine_weights(const SqliteReader& store, const std::filesystem::path& directory,
                     Damage& damage);

}  // namespace minima::store
