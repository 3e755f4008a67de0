#include "store/sqlite_summaries.h"

#include "store/sqlite_reader.h"
#include "store/sqlite_rows.h"

namespace minima::store {
namespace {

constexpr const char* kSelect =
    "SELECT run.run_id, stage, tensor, name, shape, count, not_finite, mean, sd, skewness, "
    "kurtosis, near_zero, l1, l2, max, stable_rank, quantiles, exponent, first_bin, bins, nodes, "
    "node_mean, node_sd, node_min, node_max, node_values "
    "FROM run CROSS JOIN weight_summary ON weight_summary.run = run.id ";
constexpr const char* kOrder = "ORDER BY run.position, stage DESC, tensor";  // start before end

study::WeightSummary summary_of(const Statement& row) {
  return {.stage = row.text(1) == "start" ? study::WeightStage::start : study::WeightStage::end,
          .tensor = row.small(2),
          .name = row.text(3),
          .shape = parse_shape(row.text(4)),
          .statistics = {.count = row.integer(5),
                         .not_finite = row.integer(6),
                         .mean = row.real(7),
                         .sd = row.real(8),
                         .skewness = row.real(9),
                         .kurtosis = row.real(10),
                         .near_zero = row.real(11),
                         .l1 = row.real(12),
                         .l2 = row.real(13),
                         .max = row.real(14),
                         .stable_rank = row.real(15)},
          .quantiles = parse_reals(row.text(16)),
          .histogram = {.exponent = row.small(17),
                        .first_bin = row.integer(18),
                        .counts = parse_shape(row.text(19))},
          .nodes = {.nodes = row.integer(20),
                    .mean = row.real(21),
                    .sd = row.real(22),
                    .min = row.real(23),
                    .max = row.real(24),
                    .values = parse_reals(row.text(25))}};
}

}  // namespace

SummaryInsertion::SummaryInsertion(const Database& database)
    : summary_(database,
               "INSERT INTO weight_summary VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
               "?, ?, ?, ?, ?, ?, ?, ?, ?, ?)") {}

void SummaryInsertion::insert(std::int64_t run, const study::WeightSummary& summary) {
  const study::TensorStatistics& s = summary.statistics;
  const study::BinnedCounts& bins = summary.histogram;
  const study::NodeStrengths& nodes = summary.nodes;
  summary_.run(run, summary.stage == study::WeightStage::start ? "start" : "end", summary.tensor,
               summary.name, json_shape(summary.shape), s.count, s.not_finite, s.mean, s.sd,
               s.skewness, s.kurtosis, s.near_zero, s.l1, s.l2, s.max, s.stable_rank,
               json_reals(summary.quantiles), bins.exponent, bins.first_bin,
               json_shape(bins.counts), nodes.nodes, nodes.mean, nodes.sd, nodes.min, nodes.max,
               json_reals(nodes.values));
}

void SqliteReader::weight_summaries(
    const std::function<void(const std::string&, study::WeightSummary&&)>& on_summary) const {
  Statement row(database_, std::string(kSelect) + kOrder);
  while (row.step()) on_summary(row.text(0), summary_of(row));
}

std::vector<study::WeightSummary> SqliteReader::weight_summaries(const std::string& run_id) const {
  std::vector<study::WeightSummary> summaries;
  Statement row(database_, std::string(kSelect) + "WHERE run.run_id = ? " + kOrder);
  row.bind(run_id);
  while (row.step()) summaries.push_back(summary_of(row));
  return summaries;
}

}  // namespace minima::store
