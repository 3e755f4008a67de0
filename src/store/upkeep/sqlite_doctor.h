// The damage to a store in terms of its tables. Internal to the doctor (doctor.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "store/doctor.h"
#include "store/records/sqlite_reader.h"

namespace minima::store {

/// The findings of an examination, with what a repair needs.
struct Damage {
  Examination found;
  std::set<std::int64_t> runs;        ///< rows of runs to plan again
  std::set<std::int64_t> compressed;  ///< rows of runs whose variants must be made again
  std::set<std::int64_t> headers;     ///< numbers of sealed files to rewrite
  std::set<std::string> analyses;     ///< names of analyses to repeat
  std::size_t orphans = 0;            ///< number of kinds of orphaned rows
  std::vector<std::filesystem::path> strays;

  void complain(const std::string& file, const std::string& problem, bool repairable);
};

/// Examines the weight files and every weight in them.
void examine_weights(const SqliteReader& store, const std::filesystem::path& directory,
                     Damage& damage);

}  // namespace minima::store
