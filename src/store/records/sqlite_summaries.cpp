#include "store/records/sqlite_summaries.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "store/database/checked_row.h"
#include "store/records/sqlite_reader.h"
#include "store/records/sqlite_tables.h"

namespace minima::store {
namespace {

std::string select_summaries() {
  return fmt::format(
      "SELECT run.run_id, {} FROM run CROSS JOIN weight_summary ON weight_summary.run = run.id ",
      select_list<SummaryTable>());
}

// Yields start, epochs, end.
constexpr const char* kSummaryOrder = "ORDER BY run.position, stage DESC, epoch, tensor";

constexpr std::size_t kMostListed = 4096;  // maximum for quantiles and for nodes

bool is_known(std::initializer_list<double> figures) {
  return std::ranges::none_of(figures, [](double figure) { return std::isnan(figure); });
}

// Applies the rules by which measure::summary_of omits values.
void check(const record::WeightSummary& summary, const CheckedRow& row) {
  const record::TensorStatistics& s = summary.statistics;
  const record::BinnedCounts& histogram = summary.histogram;
  const auto bins = static_cast<std::int64_t>(histogram.counts.size());
  if (histogram.first_bin + bins > SummaryTable::kBinsOfASide) row.refuse("bins", "bins below 256");
  if (values_of(summary.shape) != s.count) row.refuse("count", "the number of values of its shape");
  if (s.not_finite > s.count) row.refuse("not_finite", "at most the number of values");
  const bool is_defined = s.count > 0 && s.not_finite == 0;
  if (is_defined && !is_known({s.mean, s.sd, s.l1, s.l2, s.max})) row.refuse("lacks figures");
  if (is_defined && s.sd > 0.0 && std::isnan(s.near_zero))
    row.refuse("near_zero", "a fraction from 0 to 1");
  const bool is_matrix = summary.shape.size() > 1 && summary.name.ends_with("weight");
  if (!is_defined || !is_matrix) return;
  const auto counted = std::accumulate(histogram.counts.begin(), histogram.counts.end(),
                                       std::uint64_t{0}, std::plus());
  if (counted == 0) row.refuse("bins", "a histogram of its values");
  if (summary.quantiles.empty() || summary.quantiles.size() > kMostListed ||
      !std::ranges::is_sorted(summary.quantiles)) {
    row.refuse("quantiles", "a sorted list of quantiles");
  }
  const record::NodeStrengths& nodes = summary.nodes;
  if (nodes.nodes == 0 || !is_known({nodes.mean, nodes.sd, nodes.min, nodes.max})) {
    row.refuse("lacks figures of nodes");
  }
  if (nodes.values.empty() || nodes.values.size() > kMostListed) {
    row.refuse("node_values", "a list of strengths");
  }
}

/// Reads rows in sequence and checks that all have the same number of quantiles.
class SummaryRows {
 public:
  record::WeightSummary next(const Statement& statement) {
    const CheckedRow row(statement, "weight_summary", 0);
    auto summary = read_row<SummaryTable>(row, 1);
    check(summary, row);
    if (summary.quantiles.empty()) return summary;
    if (quantiles_ == 0) quantiles_ = summary.quantiles.size();
    if (quantiles_ != summary.quantiles.size()) {
      row.refuse("quantiles", fmt::format("{} quantiles as of other tensors", quantiles_));
    }
    return summary;
  }

 private:
  std::size_t quantiles_ = 0;
};

}  // namespace

SummaryInsertion::SummaryInsertion(const Database& database)
    : summary_(database, insert_into<SummaryTable>({"run"})) {}

void SummaryInsertion::insert(std::int64_t run, const record::WeightSummary& summary) {
  insert_row<SummaryTable>(summary_, summary, run);
}

void SqliteReader::weight_summaries(
    const std::function<void(const std::string&, record::WeightSummary&&)>& on_summary) const {
  Statement row(database_, select_summaries() + kSummaryOrder);
  SummaryRows rows;
  while (row.step()) {
    record::WeightSummary summary = rows.next(row);
    on_summary(row.text(0), std::move(summary));
  }
}

std::vector<record::WeightSummary> SqliteReader::weight_summaries(const std::string& run_id) const {
  std::vector<record::WeightSummary> summaries;
  Statement row(database_, select_summaries() + "WHERE run.run_id = ? " + kSummaryOrder);
  row.bind(run_id);
  SummaryRows rows;
  while (row.step()) summaries.push_back(rows.next(row));
  return summaries;
}

}  // namespace minima::store
