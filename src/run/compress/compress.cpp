#include "run/compress/compress.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "compress/quantize/parameter_quantizer.h"
#include "core/workers.h"
#include "network/families/lower.h"
#include "run/estimate/estimate.h"
#include "run/setup/memory_budget.h"
#include "run/variants/compression_memory.h"
#include "run/variants/compression_tasks.h"
#include "run/variants/pruning.h"
#include "run/variants/quantized_training.h"
#include "run/variants/variant_evaluation.h"

namespace minima::run {
namespace {

using Clock = std::chrono::steady_clock;
using study::QuantizationProtocol;

/// Upper limit of the weights that one worker holds, in floats (64 MB).
constexpr std::int64_t kMostFloats = 16'000'000;
/// Memory per trained float: weights, moments, masks and copies.
constexpr std::uint64_t kBytesPerFloat = 32;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::set<record::CompressionTask> set_of(const std::vector<record::CompressionTask>& tasks) {
  return {tasks.begin(), tasks.end()};
}

bool quantizes_activations(const QuantizationProtocol& protocol) {
  return std::ranges::any_of(protocol.formats, [&](study::NumberFormat format) {
    return protocol.activations_beside(format).has_value();
  });
}

// Before schema 6, all networks of a chunk were calibrated with the number of images of the last
// one.
bool mixes_calibrations(const CompressionItem& item) {
  if (!item.pruning) return false;
  std::set<int> images;
  for (const QuantizationProtocol& protocol : item.quantizations) {
    if (quantizes_activations(protocol)) images.insert(protocol.calibration_images);
  }
  return images.size() > 1;
}

// Before schema 9, the activations of these networks were quantized wrongly.
bool may_have_heads_of_other_width(const CompressionItem& item) {
  const auto* vit = std::get_if<network::Vit>(&item.run.architecture.shape());
  if (vit == nullptr) return false;
  const bool loses_units =
      item.pruning && item.pruning->target == study::PruningProtocol::Target::units;
  return (vit->head_width > 0 || loses_units) &&
         std::ranges::any_of(item.quantizations, quantizes_activations);
}

struct MissingItems {
  std::vector<CompressionItem> possible;
  std::set<std::string> runs_without_weights;  ///< ids; their items are left out
};

MissingItems missing_items(const Prepared& prepared, const store::Reader& reader,
                           CompressionOutcome& outcome) {
  std::set<std::string> own;
  for (const study::Run& run : prepared.runs) own.insert(run.id);
  std::vector<CompressionItem> items =
      compression_items(prepared.study, prepared.plan, reader.runs(), own);
  outcome.planned = static_cast<std::int64_t>(items.size());
  const std::vector<std::string> with_weights = reader.runs_with_weights();
  const std::set<std::string> weights(with_weights.begin(), with_weights.end());
  const std::set<record::CompressionTask> known = set_of(reader.recorded_tasks());
  const auto old_calibrations = set_of(reader.tasks_before(store::kFirstWithOwnCalibration));
  const auto old_heads = set_of(reader.tasks_before(store::kFirstWithHeadsOfAnyWidth));
  std::erase_if(items, [&](const CompressionItem& item) {
    const record::CompressionTask task = item.task();
    const bool is_doubtful = (old_calibrations.contains(task) && mixes_calibrations(item)) ||
                             (old_heads.contains(task) && may_have_heads_of_other_width(item));
    const bool again = is_doubtful && weights.contains(item.run.id);
    if (again) ++outcome.again;
    return known.contains(task) && !again;
  });
  outcome.recorded_before = outcome.planned - static_cast<std::int64_t>(items.size());
  std::set<std::string> without;
  outcome.without_weights =
      static_cast<std::int64_t>(std::erase_if(items, [&](const CompressionItem& item) {
        if (weights.contains(item.run.id)) return false;
        without.insert(item.run.id);
        return true;
      }));
  outcome.runs_without_weights = static_cast<std::int64_t>(without.size());
  return {.possible = std::move(items), .runs_without_weights = std::move(without)};
}

/// Requests the 32-bit network and one variant per format of the quantizations that follow.
void add_requests(const CompressedNetwork& network, const CompressionItem& item,
                  std::vector<VariantRequest>& requests) {
  const std::string pruning = item.pruning ? item.pruning->text() : "";
  if (item.pruning) requests.push_back({.network = &network, .pruning = pruning});
  for (const QuantizationProtocol& protocol : item.quantizations) {
    for (const study::NumberFormat format : protocol.formats) {
      requests.push_back(
          {.network = &network, .pruning = pruning, .quantization = &protocol, .format = format});
    }
  }
}

/// The same, with one quantized tensor per variant.
void add_tensor_requests(const CompressedNetwork& network, const QuantizationProtocol& protocol,
                         const Problem& problem, std::vector<VariantRequest>& requests) {
  for (const network::Tensor& tensor : network::graph_of(network.architecture, problem).tensors) {
    const std::string& name = tensor.spec.name;
    if (!compress::is_quantized(tensor) || network::is_named(name, protocol.keep)) continue;
    for (const study::NumberFormat format : protocol.formats) {
      requests.push_back(
          {.network = &network, .quantization = &protocol, .format = format, .tensor = name});
    }
  }
}

std::vector<CompressedNetwork> as_trained(std::span<const TrainedRun> runs) {
  std::vector<CompressedNetwork> networks;
  for (const TrainedRun& run : runs) {
    networks.push_back(
        {.origin = &run, .architecture = run.run.architecture, .parameters = run.parameters});
  }
  return networks;
}

/// The items of one cohort: one protocol on one dataset.
class CohortCompression {
 public:
  CohortCompression(const engine::Backend& backend, const engine::PreparedDataset& dataset,
                    const CompressionItem& pattern, std::vector<TrainedRun> runs,
                    const std::stop_token& stop)
      : dataset_(dataset),
        pattern_(pattern),
        runs_(std::move(runs)),
        retraining_(backend, dataset, stop),
        evaluation_(backend, dataset) {}

  /// Returns the variants of each run, or nothing if a stop was requested.
  [[nodiscard]] std::optional<std::vector<std::vector<record::Variant>>> carry_out() {
    networks_ = networks();
    if (networks_.empty()) return std::nullopt;
    const std::vector<VariantRequest> requests = all_requests();
    std::vector<record::Variant> variants = evaluation_.evaluate(requests);
    std::map<const TrainedRun*, std::vector<record::Variant>> by_run;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      by_run[requests[i].network->origin].push_back(std::move(variants[i]));
    }
    std::vector<std::vector<record::Variant>> in_order;
    for (const TrainedRun& run : runs_) in_order.push_back(std::move(by_run[&run]));
    return in_order;
  }

 private:
  [[nodiscard]] std::vector<CompressedNetwork> networks() const {
    if (pattern_.pruning) return pruned_networks(*pattern_.pruning, runs_, retraining_);
    const QuantizationProtocol& protocol = pattern_.quantizations.front();
    if (protocol.method == QuantizationProtocol::Method::ptq) return as_trained(runs_);
    return quantization_aware_networks(protocol, runs_, retraining_);
  }

  [[nodiscard]] std::vector<VariantRequest> all_requests() const {
    std::vector<VariantRequest> requests;
    for (const CompressedNetwork& network : networks_) add_requests_of(network, requests);
    return requests;
  }

  void add_requests_of(const CompressedNetwork& network,
                       std::vector<VariantRequest>& requests) const {
    if (pattern_.pruning) return add_requests(network, pattern_, requests);
    const QuantizationProtocol& protocol = pattern_.quantizations.front();
    if (protocol.scope == QuantizationProtocol::Scope::one_layer) {
      return add_tensor_requests(network, protocol, dataset_.problem(), requests);
    }
    if (!network.trained_format) return add_requests(network, pattern_, requests);
    requests.push_back(
        {.network = &network, .quantization = &protocol, .format = *network.trained_format});
  }

  const engine::PreparedDataset& dataset_;
  const CompressionItem& pattern_;
  std::vector<TrainedRun> runs_;
  Retraining retraining_;
  VariantEvaluation evaluation_;
  std::vector<CompressedNetwork> networks_;
};

/// A small memory budget makes small cohorts, down to one item each.
std::int64_t most_floats(std::uint64_t bytes) {
  if (bytes == 0) return kMostFloats;
  return static_cast<std::int64_t>(
      std::min<std::uint64_t>(bytes / kBytesPerFloat, std::uint64_t{kMostFloats}));
}

/// Compresses the cohorts of one session.
class CompressionSession {
 public:
  CompressionSession(const Prepared& prepared, const engine::Backend& backend,
                     store::Writer& writer, const store::Reader& reader,
                     std::vector<CompressionItem> items, std::uint64_t memory_limit,
                     ProgressObserver& progress)
      : prepared_(prepared),
        backend_(backend),
        writer_(writer),
        reader_(reader),
        items_(std::move(items)),
        memory_bytes_(left_for_workers(prepared.runs, *prepared.datasets, memory_limit)),
        memory_(memory_bytes_),
        cohorts_(compression_cohorts(
            items_,
            [&](const std::string& name) { return prepared.datasets->record(name).problem; },
            most_floats(memory_bytes_))),
        progress_(progress) {
    for (const auto& cohort : cohorts_) {
      prepared_.datasets->expect_users(items_[cohort.front()].run.dataset, 1);
    }
  }

  void carry_out(std::size_t jobs, const std::stop_token& stop, CompressionOutcome& outcome) {
    outcome_ = &outcome;
    tell();
    share_work(jobs, cohorts_.size(), stop, [this](std::size_t next, const std::stop_token& inner) {
      compress(cohorts_[next], inner);
    });
    outcome.seconds = seconds_since(begin_);
  }

 private:
  [[nodiscard]] std::vector<TrainedRun> trained(const std::vector<std::size_t>& cohort) {
    const std::lock_guard lock(mutex_);
    std::vector<TrainedRun> runs;
    for (const std::size_t item : cohort) {
      const study::Run& run = items_[item].run;
      runs.push_back({.run = run,
                      .parameters = stored_parameters(
                          reader_, run, prepared_.datasets->record(run.dataset).problem)});
    }
    return runs;
  }

  [[nodiscard]] std::uint64_t bytes_of(const std::vector<std::size_t>& cohort) const {
    std::vector<CompressionItem> items;
    for (const std::size_t item : cohort) items.push_back(items_[item]);
    const auto& dataset = prepared_.datasets->record(items.front().run.dataset);
    return compression_bytes(backend_, items, dataset.problem,
                             dataset.validation_count + dataset.test_count);
  }

  void compress(const std::vector<std::size_t>& cohort, const std::stop_token& stop) {
    const auto begin = Clock::now();
    const CompressionItem& pattern = items_[cohort.front()];
    const std::string& name = pattern.run.dataset;
    const MemoryBudget::Share share = memory_.take(bytes_of(cohort), stop);
    const DatasetPool::Lease dataset = prepared_.datasets->take(name, backend_);
    auto variants =
        CohortCompression(backend_, *dataset, pattern, trained(cohort), stop).carry_out();
    if (!variants) return;
    const double seconds = seconds_since(begin) / static_cast<double>(cohort.size());
    for (std::size_t i = 0; i < cohort.size(); ++i) {
      record(items_[cohort[i]], std::move((*variants)[i]), seconds);
    }
  }

  void record(const CompressionItem& item, std::vector<record::Variant> variants, double seconds) {
    if (prepared_.study.predictions != study::KeepPredictions::all) {
      for (record::Variant& variant : variants) variant.outcomes = {};
    }
    writer_.record(item.task(), variants, seconds);
    const std::lock_guard lock(mutex_);
    ++outcome_->recorded;
    outcome_->variants += static_cast<std::int64_t>(variants.size());
    tell();
  }

  void tell() const {
    progress_.on_compression({.done = outcome_->recorded_before + outcome_->recorded,
                              .total = outcome_->planned,
                              .variants = outcome_->variants,
                              .seconds = seconds_since(begin_)});
  }

  const Prepared& prepared_;
  const engine::Backend& backend_;
  store::Writer& writer_;
  const store::Reader& reader_;
  std::vector<CompressionItem> items_;
  std::uint64_t memory_bytes_;
  MemoryBudget memory_;
  std::vector<std::vector<std::size_t>> cohorts_;
  ProgressObserver& progress_;
  CompressionOutcome* outcome_ = nullptr;
  std::mutex mutex_;
  Clock::time_point begin_ = Clock::now();
};

}  // namespace

CompressionOutcome compression_so_far(const Prepared& prepared, const store::Reader& reader) {
  CompressionOutcome outcome;
  static_cast<void>(missing_items(prepared, reader, outcome));
  return outcome;
}

std::vector<study::Run> runs_without_weights(const Prepared& prepared,
                                             const store::Reader& reader) {
  CompressionOutcome ignored;
  std::set<std::string> ids = missing_items(prepared, reader, ignored).runs_without_weights;
  if (prepared.study.weights == study::KeepWeights::all) {
    const std::vector<std::string> kept = reader.runs_with_weights();
    for (const record::RunRow& run : reader.runs()) {
      const bool is_finished = run.result.status == record::RunStatus::finished;
      if (is_finished && !std::ranges::binary_search(kept, run.id)) ids.insert(run.id);
    }
  }
  std::vector<study::Run> runs;
  std::ranges::copy_if(prepared.runs, std::back_inserter(runs),
                       [&](const study::Run& run) { return ids.contains(run.id); });
  return runs;
}

CompressionOutcome compress_runs(const Prepared& prepared, const engine::Backend& backend,
                                 store::Writer& writer, const store::Reader& reader,
                                 const CompressOptions& options, ProgressObserver& progress) {
  CompressionOutcome outcome;
  std::vector<CompressionItem> items = missing_items(prepared, reader, outcome).possible;
  if (items.empty()) return outcome;
  CompressionSession(prepared, backend, writer, reader, std::move(items), options.memory_limit,
                     progress)
      .carry_out(options.jobs, options.stop, outcome);
  outcome.interrupted = options.stop.stop_requested() && outcome.missing() > 0;
  return outcome;
}

}  // namespace minima::run
