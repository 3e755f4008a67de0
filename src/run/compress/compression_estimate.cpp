#include "run/compress/compression_estimate.h"

#include <map>
#include <set>
#include <utility>

#include "network/derive/work.h"
#include "network/families/lower.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"
#include "run/estimate/estimate.h"
#include "run/variants/compression_tasks.h"
#include "study/settings/kept.h"

namespace minima::run {
namespace {

std::vector<CompressionItem> items_of(const Prepared& prepared) {
  std::set<std::string> own;
  for (const study::Run& run : prepared.runs) own.insert(run.id);
  std::vector<record::RunRow> rows(prepared.plan.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].id = prepared.plan[i].id;
    rows[i].result.status = record::RunStatus::finished;
  }
  return compression_items(prepared.study, prepared.plan, rows, own);
}

/// FLOP of one epoch, and of one evaluation on the validation and test images.
struct Costs {
  double epoch_flop = 0.0;
  double epoch_seconds = 0.0;
  double test_flop = 0.0;
  double test_seconds = 0.0;
};

Costs costs_of(study::Run run, const record::DatasetRecord& dataset, double peak_gflops) {
  run.train.epochs = 1;
  Costs costs;
  costs.epoch_flop = flop_of(run, dataset).training;
  costs.epoch_seconds = core_seconds(run, dataset, peak_gflops);
  const auto images = static_cast<double>(dataset.validation_count + dataset.test_count);
  costs.test_flop = images * static_cast<double>(network::inference_flop(
                                 network::graph_of(run.architecture, dataset.problem)));
  // An epoch trains on the training split and evaluates all splits. Time is divided in proportion
  // to FLOP.
  const double all = flop_of(run, dataset).total();
  costs.test_seconds = all > 0.0 ? costs.epoch_seconds * costs.test_flop / all : 0.0;
  return costs;
}

}  // namespace

CompressionEstimate estimate_compression(const Prepared& prepared, std::size_t jobs,
                                         double peak_gflops) {
  CompressionEstimate estimate;
  const study::Study& study = prepared.study;
  if (study.pruning.protocols.empty() && study.quantization.protocols.empty()) return estimate;
  std::map<std::pair<std::string, std::string>, Costs> known;
  for (const CompressionItem& item : items_of(prepared)) {
    const record::DatasetRecord& dataset = prepared.datasets->record(item.run.dataset);
    const auto [at, is_new] = known.try_emplace({item.run.dataset, item.run.architecture.text()});
    if (is_new) {
      at->second = costs_of(item.run, dataset, peak_gflops / static_cast<double>(jobs));
    }
    const std::int64_t evaluated = item.variants() * item.times(dataset.problem);
    const auto networks = static_cast<double>(evaluated);
    const auto epochs = static_cast<double>(item.epochs());
    ++estimate.pieces;
    estimate.networks += evaluated;
    estimate.epochs += item.epochs();
    if (prepared.study.predictions == study::KeepPredictions::all) {
      estimate.prediction_bytes += networks * image_bytes(dataset, kBitsPerOutcome);
    }
    estimate.store_bytes += networks * kStoreBytesPerVariant;
    estimate.flop += networks * at->second.test_flop + epochs * at->second.epoch_flop;
    estimate.seconds += (networks * at->second.test_seconds + epochs * at->second.epoch_seconds) /
                        static_cast<double>(jobs);
  }
  estimate.store_bytes += estimate.prediction_bytes;
  return estimate;
}

}  // namespace minima::run
