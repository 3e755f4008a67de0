#include "analysis/compression/trade_offs.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include "analysis/recommend/choices.h"
#include "analysis/sizes/front.h"
#include "core/numbers/tolerance.h"
#include "record/study.h"

namespace minima::analysis {
namespace {

TradeOff row_of(const JudgedChoice& judged) {
  const Choice& choice = judged.choice;
  return {.family = choice.family,
          .architecture = choice.architecture,
          .parameters = judged.planned.parameters,
          .pruning = choice.pruning,
          .sparsity_asked = choice.sparsity_asked,
          .sparsity = choice.sparsity,
          .quantization = choice.quantization,
          .format = choice.format,
          .bits = choice.bits,
          .accuracy = choice.test.accuracy,
          .choosing = choice.accuracy,
          .learned = choice.met,
          .in_integers = choice.is_integer(),
          .bytes = choice.bytes,
          .on_front = false};
}

bool has_variants(const JudgedChoice& judged) {
  return !judged.choice.is_dense();
}

auto in_order(const TradeOff& row) {
  const bool is_compressed = !(row.pruning.empty() && row.quantization.empty());
  return std::tuple(is_compressed, row.parameters, row.architecture, row.pruning,
                    row.sparsity_asked, row.quantization, -row.bits, row.format);
}

}  // namespace

void mark_front(std::vector<TradeOff>& rows) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(
      order, {}, [&](std::size_t i) { return std::tuple(rows[i].bytes, -rows[i].choosing.mean); });
  // Rows are sorted by size, the best of each size first, so only an earlier row can dominate one.
  double best = -std::numeric_limits<double>::infinity();
  double bytes_of_best = best;
  for (const std::size_t i : order) {
    TradeOff& row = rows[i];
    row.on_front = false;
    if (!row.learns()) continue;
    const bool equals_best = row.choosing.mean == best && row.bytes == bytes_of_best;
    row.on_front = row.choosing.mean > best || equals_best;
    if (row.choosing.mean <= best) continue;
    best = row.choosing.mean;
    bytes_of_best = row.bytes;
  }
}

namespace {

/// Sets simultaneous intervals for the networks on the front of accuracy against bytes.
void set_intervals(std::vector<TradeOff>& rows, std::int64_t images, double confidence) {
  std::vector<Point> points;
  std::vector<TradeOff*> of_points;
  std::map<std::string, std::size_t> trained;  // index of each architecture
  for (TradeOff& row : rows) {
    if (!row.learns() || row.accuracy.runs == 0) continue;
    points.push_back(
        {.size = row.bytes,
         .accuracies = {},
         .summary = row.accuracy,
         .images = images,
         .choosing = row.choosing.mean,
         .trained = trained.try_emplace(row.architecture, trained.size()).first->second});
    of_points.push_back(&row);
  }
  const Front front = front_of(points, confidence);
  for (const FrontPoint& point : front.points) {
    TradeOff& row = *of_points[point.point];
    row.low = point.low;
    row.high = point.high;
    const bool has_gain = point.gain_low.has_value() && &point != &front.points.front();
    if (has_gain) row.gain_shown = point.shown;
  }
}

}  // namespace

std::vector<DatasetTradeOffs> trade_offs_of(const Population& population,
                                            const study::AnalysisSettings& settings) {
  std::vector<DatasetTradeOffs> datasets;
  // Every run that learned meets a demand of zero accuracy.
  const Demand no_demand{.accuracy = 0.0};
  for (const record::DatasetRecord& dataset : population.datasets) {
    const auto choices = choices_of(population, dataset, no_demand, settings.significance);
    if (std::ranges::none_of(choices, has_variants)) continue;
    DatasetTradeOffs& trade_offs = datasets.emplace_back();
    trade_offs.dataset = dataset.name;
    for (const JudgedChoice& each : choices) trade_offs.rows.push_back(row_of(each));
    std::ranges::sort(trade_offs.rows, {}, in_order);
    mark_front(trade_offs.rows);
    set_intervals(trade_offs.rows, std::max<std::int64_t>(dataset.test_count, 1),
                  settings.confidence);
  }
  return datasets;
}

}  // namespace minima::analysis
