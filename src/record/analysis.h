// The results of an analysis, as tables.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace minima::record {

using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
};

/// Labels that an analysis assigns to one run; nullopt: not assigned.
struct RunLabels {
  std::string run_id;
  std::optional<std::string> accuracy_group;
  std::optional<std::string> regime;
  std::optional<std::string> diagnosis;
};

/// The stored results of an analysis: tables for users and the report.
struct AnalysisRecord {
  struct NamedTable {
    std::string name;  ///< letters and "_"; unique among all tables of the store
    Table table;
  };
  std::string name;      ///< "convergence"
  std::string settings;  ///< canonical text of the settings that differ from their defaults
  std::string program_version;
  std::int64_t runs = 0;  ///< recorded when the analysis ran
  std::vector<NamedTable> tables;
  std::vector<RunLabels> labels;  ///< replace the labels of all runs; empty: keep them
};

}  // namespace minima::record
