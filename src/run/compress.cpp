#include "run/compress.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "compress/parameter_quantizer.h"
#include "compress/tensor_places.h"
#include "core/workers.h"
#include "run/compression_tasks.h"
#include "run/pruning.h"
#include "run/quantized_training.h"
#include "run/variant_evaluation.h"

namespace minima::run {
namespace {

using Clock = std::chrono::steady_clock;
using study::QuantizationProtocol;

/// Floats of the networks that one worker holds: 64 MB.
constexpr std::int64_t kMostFloats = 16'000'000;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::vector<CompressionItem> missing_items(const Prepared& prepared, const store::Writer& writer,
                                           const store::Reader& reader,
                                           CompressionOutcome& outcome) {
  std::set<std::string> own;
  for (const study::Run& run : prepared.runs) own.insert(run.id);
  std::vector<CompressionItem> items =
      compression_items(prepared.study, prepared.plan, reader.runs(), own);
  outcome.planned = static_cast<std::int64_t>(items.size());
  const std::vector<store::CompressionTask> recorded = writer.recorded_tasks();
  const std::set<store::CompressionTask> known(recorded.begin(), recorded.end());
  std::erase_if(items, [&](const CompressionItem& item) { return known.contains(item.task()); });
  outcome.recorded_before = outcome.planned - static_cast<std::int64_t>(items.size());
  const std::vector<std::string> weights = reader.runs_with_weights();
  outcome.without_weights =
      static_cast<std::int64_t>(std::erase_if(items, [&](const CompressionItem& item) {
        return !std::ranges::binary_search(weights, item.run.id);
      }));
  return items;
}

/// Variants of one network: itself, and in every format of the quantizations that follow.
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

/// The same of one tensor at a time.
void add_tensor_requests(const CompressedNetwork& network, const QuantizationProtocol& protocol,
                         const Problem& problem, std::vector<VariantRequest>& requests) {
  for (const study::LayerSpec& layer : study::layers_of(network.architecture, problem)) {
    for (const study::TensorSpec& spec : layer.tensors()) {
      if (!compress::is_quantized(spec) || compress::is_named(spec.name, protocol.keep)) continue;
      for (const study::NumberFormat format : protocol.formats) {
        requests.push_back({.network = &network,
                            .quantization = &protocol,
                            .format = format,
                            .tensor = spec.name});
      }
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

/// Items of one cohort: one protocol, one dataset.
class CohortCompression {
 public:
  CohortCompression(const engine::Backend& backend, const data::Dataset& dataset,
                    const CompressionItem& pattern, std::vector<TrainedRun> runs,
                    const std::stop_token& stop)
      : dataset_(dataset),
        pattern_(pattern),
        runs_(std::move(runs)),
        retraining_(backend, dataset, stop),
        evaluation_(backend, dataset) {}

  /// Variants of each run; nothing when a stop was asked for.
  [[nodiscard]] std::optional<std::vector<std::vector<store::Variant>>> carry_out() {
    networks_ = networks();
    if (networks_.empty()) return std::nullopt;
    const std::vector<VariantRequest> requests = all_requests();
    const std::vector<store::Variant> variants = evaluation_.evaluate(requests);
    std::vector<std::vector<store::Variant>> by_run(runs_.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      by_run[static_cast<std::size_t>(requests[i].network->origin - runs_.data())].push_back(
          variants[i]);
    }
    return by_run;
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
    for (std::size_t i = 0; i < networks_.size(); ++i) add_requests_of(i, requests);
    return requests;
  }

  void add_requests_of(std::size_t network, std::vector<VariantRequest>& requests) const {
    const CompressedNetwork& each = networks_[network];
    if (pattern_.pruning) return add_requests(each, pattern_, requests);
    const QuantizationProtocol& protocol = pattern_.quantizations.front();
    if (protocol.scope == QuantizationProtocol::Scope::one_layer) {
      return add_tensor_requests(each, protocol, dataset_.problem(), requests);
    }
    if (protocol.method == QuantizationProtocol::Method::ptq) {
      return add_requests(each, pattern_, requests);
    }
    // Networks stand format by format.
    requests.push_back({.network = &each,
                        .quantization = &protocol,
                        .format = protocol.formats[network / runs_.size()]});
  }

  const data::Dataset& dataset_;
  const CompressionItem& pattern_;
  std::vector<TrainedRun> runs_;
  Retraining retraining_;
  VariantEvaluation evaluation_;
  std::vector<CompressedNetwork> networks_;
};

/// The cohorts of one session.
class CompressionSession {
 public:
  CompressionSession(const Prepared& prepared, const engine::Backend& backend,
                     store::Writer& writer, const store::Reader& reader,
                     std::vector<CompressionItem> items, ProgressObserver& progress)
      : prepared_(prepared),
        backend_(backend),
        writer_(writer),
        reader_(reader),
        items_(std::move(items)),
        cohorts_(compression_cohorts(
            items_,
            [&](const std::string& name) { return prepared.datasets->record(name).problem; },
            kMostFloats)),
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
      runs.push_back({.run = run, .parameters = stored_parameters(reader_, run.id)});
    }
    return runs;
  }

  void compress(const std::vector<std::size_t>& cohort, const std::stop_token& stop) {
    const auto begin = Clock::now();
    const CompressionItem& pattern = items_[cohort.front()];
    const std::string& name = pattern.run.dataset;
    const auto dataset = prepared_.datasets->take(name);
    auto variants =
        CohortCompression(backend_, *dataset, pattern, trained(cohort), stop).carry_out();
    prepared_.datasets->release(name);
    if (!variants) return;
    const double seconds = seconds_since(begin) / static_cast<double>(cohort.size());
    for (std::size_t i = 0; i < cohort.size(); ++i) {
      record(items_[cohort[i]], (*variants)[i], seconds);
    }
  }

  void record(const CompressionItem& item, std::span<const store::Variant> variants,
              double seconds) {
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
  std::vector<std::vector<std::size_t>> cohorts_;
  ProgressObserver& progress_;
  CompressionOutcome* outcome_ = nullptr;
  std::mutex mutex_;
  Clock::time_point begin_ = Clock::now();
};

}  // namespace

CompressionOutcome compress_runs(const Prepared& prepared, const engine::Backend& backend,
                                 store::Writer& writer, const store::Reader& reader,
                                 const CompressOptions& options, ProgressObserver& progress) {
  CompressionOutcome outcome;
  std::vector<CompressionItem> items = missing_items(prepared, writer, reader, outcome);
  if (items.empty()) return outcome;
  CompressionSession(prepared, backend, writer, reader, std::move(items), progress)
      .carry_out(options.jobs, options.stop, outcome);
  outcome.interrupted = options.stop.stop_requested() && outcome.missing() > 0;
  return outcome;
}

}  // namespace minima::run
