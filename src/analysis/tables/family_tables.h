// Tables of analyses whose unit is one family on one dataset, and the records that hold them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "analysis/tables/columns.h"
#include "record/analysis.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

using NamedTable = record::AnalysisRecord::NamedTable;

/// The first two cells of a family's rows.
struct FamilyName {
  std::string dataset;
  network::Family family = network::Family::dnn;
};

/// A table whose first columns are dataset and family. `rows_of` returns the rows of a family,
/// `name_of` its FamilyName.
template <typename Row, typename Family, typename RowsOf, typename NameOf>
NamedTable table_by_family(const std::vector<Family>& families, std::string name,
                           std::vector<ColumnOf<Row>> own, const RowsOf& rows_of,
                           const NameOf& name_of) {
  using Named = std::pair<FamilyName, Row>;
  std::vector<ColumnOf<Named>> columns{
      {"dataset", [](const Named& row) { return row.first.dataset; }},
      {"family", [](const Named& row) { return word_text(row.first.family); }}};
  for (auto& column : own) {
    columns.push_back({std::move(column.name), [cell = std::move(column.cell)](const Named& row) {
                         return cell(row.second);
                       }});
  }
  std::vector<Named> rows;
  for (const Family& family : families) {
    const FamilyName names = name_of(family);
    for (Row& row : rows_of(family)) rows.emplace_back(names, std::move(row));
  }
  return {std::move(name), table_of(columns, rows)};
}

/// The record of an analysis to store, without empty tables.
inline record::AnalysisRecord record_with_rows(std::string name,
                                               const study::AnalysisSettings& settings,
                                               std::int64_t runs,
                                               const std::string& program_version,
                                               std::vector<NamedTable> tables) {
  std::erase_if(tables, [](const NamedTable& table) { return table.table.rows.empty(); });
  return {.name = std::move(name),
          .settings = settings.text(),
          .program_version = program_version,
          .runs = runs,
          .tables = std::move(tables),
          .labels = {}};
}

}  // namespace minima::analysis
