#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "store/store.h"

namespace minima::analysis {

/// The table with that name in one of the records; throws std::logic_error if there is none.
inline const record::Table& table_named(const std::vector<record::AnalysisRecord>& records,
                                        const std::string& name) {
  for (const record::AnalysisRecord& record : records) {
    for (const auto& [found, table] : record.tables) {
      if (found == name) return table;
    }
  }
  throw std::logic_error("no table " + name);
}

/// The table with that name in a single record.
inline const record::Table& table_named(const record::AnalysisRecord& record,
                                        const std::string& name) {
  for (const auto& [found, table] : record.tables) {
    if (found == name) return table;
  }
  throw std::logic_error("no table " + name);
}

}  // namespace minima::analysis
