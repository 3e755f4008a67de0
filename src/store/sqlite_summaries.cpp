#include "store/sqlite_summaries.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "store/checked_row.h"
#include "store/sqlite_reader.h"
#include "store/sqlite_rows.h"

namespace minima::store {
namespace {

constexpr const char* kSelect =
    "SELECT run.run_id, stage, epoch, tensor, name, shape, count, not_finite, mean, sd, skewness, "
    "kurtosis, near_zero, l1, l2, max, stable_rank, quantiles, exponent, first_bin, bins, nodes, "
    "node_mean, node_sd, node_min, node_max, node_values "
    "FROM run CROSS JOIN weight_summary ON weight_summary.run = run.id ";
// Yields start, epochs, end.
constexpr const char* kSummaryOrder = "ORDER BY run.position, stage DESC, epoch, tensor";

std::string to_text(study::WeightStage stage) {
  if (stage == study::WeightStage::start) return "start";
  return stage == study::WeightStage::epoch ? "epoch" : "end";
}

study::WeightStage stage_of(const std::string& text) {
  if (text == "start") return study::WeightStage::start;
  return text == "epoch" ? study::WeightStage::epoch : study::WeightStage::end;
}

// Far beyond what floats need, which is bins from 2^-157 to 2^120.
constexpr int kMostExponent = 1100;
// The number of bins that measure::WeightHistogram has on either side of zero, before and after
// merging.
constexpr int kBinsOfASide = 256;
constexpr std::size_t kMostListed = 4096;  // maximum for quantiles and for nodes

study::TensorStatistics statistics_of(const CheckedRow& row) {
  return {.count = row.count(6),
          .not_finite = row.count(7),
          .mean = row.figure(8),
          .sd = row.magnitude(9),
          .skewness = row.figure(10),
          .kurtosis = row.figure(11),
          .near_zero = row.fraction(12),
          .l1 = row.magnitude(13),
          .l2 = row.magnitude(14),
          .max = row.magnitude(15),
          .stable_rank = row.magnitude(16)};
}

study::BinnedCounts histogram_of(const CheckedRow& row) {
  study::BinnedCounts histogram{.exponent = row.small(18, -kMostExponent, kMostExponent),
                                .first_bin = row.integer(19, -kBinsOfASide, kBinsOfASide),
                                .counts = row.integers(20)};
  const auto bins = static_cast<std::int64_t>(histogram.counts.size());
  if (histogram.first_bin + bins > kBinsOfASide) row.refuse(20, "bins below 256");
  return histogram;
}

study::NodeStrengths nodes_of(const CheckedRow& row) {
  return {.nodes = row.count(21),
          .mean = row.magnitude(22),
          .sd = row.magnitude(23),
          .min = row.magnitude(24),
          .max = row.magnitude(25),
          .values = row.reals(26)};
}

bool is_known(std::initializer_list<double> figures) {
  return std::ranges::none_of(figures, [](double figure) { return std::isnan(figure); });
}

// Applies the rules by which measure::summary_of omits values.
void check(const study::WeightSummary& summary, const CheckedRow& row) {
  const study::TensorStatistics& s = summary.statistics;
  if (values_of(summary.shape) != s.count) row.refuse(6, "the number of values of its shape");
  if (s.not_finite > s.count) row.refuse(7, "at most the number of values");
  const bool is_defined = s.count > 0 && s.not_finite == 0;
  if (is_defined && !is_known({s.mean, s.sd, s.l1, s.l2, s.max})) row.refuse("lacks figures");
  if (is_defined && s.sd > 0.0 && std::isnan(s.near_zero)) row.refuse(12, "a fraction from 0 to 1");
  const bool is_matrix = summary.shape.size() > 1 && summary.name.ends_with("weight");
  if (!is_defined || !is_matrix) return;
  const auto counted =
      std::accumulate(summary.histogram.counts.begin(), summary.histogram.counts.end(),
                      std::uint64_t{0}, std::plus());
  if (counted == 0) row.refuse(20, "a histogram of its values");
  if (summary.quantiles.empty() || summary.quantiles.size() > kMostListed ||
      !std::ranges::is_sorted(summary.quantiles)) {
    row.refuse(17, "a sorted list of quantiles");
  }
  const study::NodeStrengths& nodes = summary.nodes;
  if (nodes.nodes == 0 || !is_known({nodes.mean, nodes.sd, nodes.min, nodes.max})) {
    row.refuse("lacks figures of nodes");
  }
  if (nodes.values.empty() || nodes.values.size() > kMostListed) {
    row.refuse(26, "a list of strengths");
  }
}

/// Reads rows in sequence and checks that all have the same number of quantiles.
class SummaryRows {
 public:
  study::WeightSummary next(const Statement& statement) {
    const CheckedRow row(statement, "weight_summary", 0);
    study::WeightSummary summary{.stage = stage_of(row.one_of(1, {"start", "epoch", "end"})),
                                 .epoch = row.small(2),
                                 .tensor = row.small(3),
                                 .name = row.text(4),
                                 .shape = row.integers(5),
                                 .statistics = statistics_of(row),
                                 .quantiles = row.reals(17),
                                 .histogram = histogram_of(row),
                                 .nodes = nodes_of(row)};
    check(summary, row);
    if (summary.quantiles.empty()) return summary;
    if (quantiles_ == 0) quantiles_ = summary.quantiles.size();
    if (quantiles_ != summary.quantiles.size()) {
      row.refuse(17, fmt::format("{} quantiles as of other tensors", quantiles_));
    }
    return summary;
  }

 private:
  std::size_t quantiles_ = 0;
};

}  // namespace

SummaryInsertion::SummaryInsertion(const Database& database)
    : summary_(database,
               "INSERT INTO weight_summary VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
               "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)") {}

void SummaryInsertion::insert(std::int64_t run, const study::WeightSummary& summary) {
  const study::TensorStatistics& s = summary.statistics;
  const study::BinnedCounts& bins = summary.histogram;
  const study::NodeStrengths& nodes = summary.nodes;
  summary_.run(run, to_text(summary.stage), summary.epoch, summary.tensor, summary.name,
               json_shape(summary.shape), s.count, s.not_finite, s.mean, s.sd, s.skewness,
               s.kurtosis, s.near_zero, s.l1, s.l2, s.max, s.stable_rank,
               json_reals(summary.quantiles), bins.exponent, bins.first_bin,
               json_shape(bins.counts), nodes.nodes, nodes.mean, nodes.sd, nodes.min, nodes.max,
               json_reals(nodes.values));
}

void SqliteReader::weight_summaries(
    const std::function<void(const std::string&, study::WeightSummary&&)>& on_summary) const {
  Statement row(database_, std::string(kSelect) + kSummaryOrder);
  SummaryRows rows;
  while (row.step()) {
    study::WeightSummary summary = rows.next(row);
    on_summary(row.text(0), std::move(summary));
  }
}

std::vector<study::WeightSummary> SqliteReader::weight_summaries(const std::string& run_id) const {
  std::vector<study::WeightSummary> summaries;
  Statement row(database_, std::string(kSelect) + "WHERE run.run_id = ? " + kSummaryOrder);
  row.bind(run_id);
  SummaryRows rows;
  while (row.step()) summaries.push_back(rows.next(row));
  return summaries;
}

}  // namespace minima::store
