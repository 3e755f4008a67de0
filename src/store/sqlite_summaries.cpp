#include "store/sqlite_summaries.h"

#include "store/sqlite_reader.h"
#include "store/sqlite_rows.h"

namespace minima::store {
namespace {

constexpr const char* kSelect =
    "SELECT run.run_id, stage, epoch, tensor, name, shape, count, not_finite, mean, sd, skewness, "
    "kurtosis, near_zero, l1, l2, max, stable_rank, quantiles, exponent, first_bin, bins, nodes, "
    "node_mean, node_sd, node_min, node_max, node_values "
    "FROM run CROSS JOIN weight_summary ON weight_summary.run = run.id ";
// Start, epochs, end.
constexpr const char* kOrder = "ORDER BY run.position, stage DESC, epoch, tensor";

std::string to_text(study::WeightStage stage) {
  if (stage == study::WeightStage::start) return "start";
  return stage == study::WeightStage::epoch ? "epoch" : "end";
}

study::WeightStage stage_of(const std::string& text) {
  if (text == "start") return study::WeightStage::start;
  return text == "epoch" ? study::WeightStage::epoch : study::WeightStage::end;
}

study::WeightSummary summary_of(const Statement& row) {
  return {.stage = stage_of(row.text(1)),
          .epoch = row.small(2),
          .tensor = row.small(3),
          .name = row.text(4),
          .shape = parse_shape(row.text(5)),
          .statistics = {.count = row.integer(6),
                         .not_finite = row.integer(7),
                         .mean = row.real(8),
                         .sd = row.real(9),
                         .skewness = row.real(10),
                         .kurtosis = row.real(11),
                         .near_zero = row.real(12),
                         .l1 = row.real(13),
                         .l2 = row.real(14),
                         .max = row.real(15),
                         .stable_rank = row.real(16)},
          .quantiles = parse_reals(row.text(17)),
          .histogram = {.exponent = row.small(18),
                        .first_bin = row.integer(19),
                        .counts = parse_shape(row.text(20))},
          .nodes = {.nodes = row.integer(21),
                    .mean = row.real(22),
                    .sd = row.real(23),
                    .min = row.real(24),
                    .max = row.real(25),
                    .values = parse_reals(row.text(26))}};
}

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
