#include "run/train/execute.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "core/error.h"
#include "core/text.h"
#include "core/workers.h"
#include "network/families/lower.h"
#include "run/estimate/estimate.h"
#include "run/setup/memory_budget.h"
#include "run/setup/session.h"
#include "run/train/retrained.h"
#include "run/train/weight_summaries.h"

namespace minima::run {
namespace {

using Clock = std::chrono::steady_clock;

record::StudyRecord study_record(const Prepared& prepared, const std::string& program_version) {
  const study::Study& study = prepared.study;
  return {.name = study.name,
          .text = study.text,
          .train = study.training_text(),
          .shard = prepared.shard
                       ? fmt::format("{}/{}", prepared.shard->index, prepared.shard->count)
                       : "",
          .program_version = program_version,
          .keep_weights = study.weights};
}

// Includes labels where predictions are recorded, because predictions are stored relative to them.
std::vector<record::DatasetRecord> dataset_records(const Prepared& prepared) {
  std::vector<record::DatasetRecord> records = prepared.datasets->records();
  if (prepared.study.predictions != study::KeepPredictions::none) return records;
  for (record::DatasetRecord& record : records) record.labels = {};
  return records;
}

std::vector<study::Run> without_recorded(std::span<const study::Run> runs,
                                         const std::vector<std::string>& recorded) {
  const std::set<std::string> ids(recorded.begin(), recorded.end());
  std::vector<study::Run> missing;
  for (const study::Run& run : runs) {
    if (!ids.contains(run.id)) missing.push_back(run);
  }
  return missing;
}

study::CohortLimits limits_of(const engine::Backend& backend, std::span<const study::Run> runs,
                              std::size_t jobs) {
  if (runs.empty()) return {};
  study::CohortLimits limits = backend.limits(runs.front().train.optimizer);
  limits.jobs = jobs;
  return limits;
}

// Ordering by dataset keeps few datasets in memory. Starting with the largest cohort keeps the
// workers busy until the end.
std::vector<study::Cohort> queue_of(std::span<const study::Run> runs, const DatasetPool& datasets,
                                    const study::CohortLimits& limits) {
  std::vector<study::Cohort> cohorts = study::make_cohorts(
      runs, [&](const std::string& name) { return datasets.record(name).problem; },
      [&](const std::string& name) { return datasets.record(name).train_count; }, limits);
  std::map<std::string, std::size_t> position;
  for (const auto& record : datasets.records()) position.emplace(record.name, position.size());
  const auto dataset_of = [&](const study::Cohort& cohort) {
    return position.at(runs[cohort.runs.front()].dataset);
  };
  std::stable_sort(cohorts.begin(), cohorts.end(),
                   [&](const auto& a, const auto& b) { return dataset_of(a) < dataset_of(b); });
  return cohorts;
}

// The weights of each run, plus the shared workspace once.
std::uint64_t training_bytes(const engine::Backend& backend, std::span<const study::Run> cohort,
                             const record::DatasetRecord& dataset) {
  std::uint64_t own = 0;
  std::uint64_t shared = 0;
  for (const study::Run& run : cohort) {
    const auto bytes = backend.training_bytes(run.architecture, dataset.problem,
                                              run.train.with_batch_of(dataset.train_count));
    own += bytes.own;
    shared = std::max(shared, bytes.shared);
  }
  return own + shared;
}

std::vector<ProgressMeter::Work> work_of(std::span<const study::Run> runs,
                                         const DatasetPool& datasets) {
  std::vector<ProgressMeter::Work> work;
  for (const study::Run& run : runs) {
    const record::DatasetRecord& dataset = datasets.record(run.dataset);
    work.push_back({.flop = flop_of(run, dataset).total(),
                    .time = peak_flop_of(run, dataset),
                    .epochs = run.train.epochs,
                    .architecture = run.architecture.text()});
  }
  return work;
}

// Progress of all workers, reported to the observer one call at a time.
class SharedProgress {
 public:
  SharedProgress(ProgressMeter meter, ProgressObserver& observer)
      : meter_(std::move(meter)), observer_(observer) {
    observer_.on_progress(meter_.at(0.0));
  }

  void epoch_done(std::size_t run) {
    const std::lock_guard lock(mutex_);
    meter_.epoch_done(run);
    observer_.on_progress(meter_.at(seconds()));
  }
  void run_done(std::size_t run, const record::RunResult& result) {
    const std::lock_guard lock(mutex_);
    meter_.run_done(run, result);
    observer_.on_progress(meter_.at(seconds()));
  }
  [[nodiscard]] Progress now() {
    const std::lock_guard lock(mutex_);
    return meter_.at(seconds());
  }

 private:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(Clock::now() - begin_).count();
  }

  std::mutex mutex_;
  ProgressMeter meter_;
  ProgressObserver& observer_;
  Clock::time_point begin_ = Clock::now();
};

// Takes the results of a run and its final weights; called by several threads.
using Sink = std::function<void(const study::Run&, const record::RunResult&,
                                std::span<const store::NamedTensor>)>;

// Passes the reports of a cohort's training on to a sink.
class Recorder : public engine::TrainObserver {
 public:
  Recorder(std::span<const study::Run> runs, std::span<const std::size_t> numbers,
           const Problem& problem, const study::Study& study, const Sink& sink,
           SharedProgress& progress)
      : runs_(runs),
        numbers_(numbers),
        problem_(problem),
        study_(study),
        sink_(sink),
        progress_(progress),
        on_the_way_(runs.size()) {
    graphs_.reserve(runs.size());
    for (const study::Run& run : runs) {
      graphs_.push_back(network::graph_of(run.architecture, problem));
    }
  }

  void on_epoch(std::size_t run, const record::EpochRecord& record,
                const engine::ReadWeights& weights) override {
    const bool is_last = record.epoch == runs_[run].train.epochs;
    if (!is_last && std::ranges::count(study_.weight_epochs, record.epoch) > 0) {
      std::ranges::move(weight_summaries(record::WeightStage::epoch, record.epoch,
                                         graphs_[run].tensors, weights()),
                        std::back_inserter(on_the_way_[run]));
    }
    progress_.epoch_done(numbers_[run]);
  }

  void on_end(std::size_t run, record::RunResult&& result,
              const engine::ReadWeights& read_weights) override {
    result.weights = initial_weight_summaries(runs_[run], problem_);
    std::ranges::move(on_the_way_[run], std::back_inserter(result.weights));
    const network::Graph& graph = graphs_[run];
    const std::vector<float> weights = read_weights();
    std::ranges::move(
        weight_summaries(record::WeightStage::end, result.epochs, graph.tensors, weights),
        std::back_inserter(result.weights));
    std::vector<store::NamedTensor> kept;
    if (study_.weights != study::KeepWeights::none) {
      for (const network::Tensor& tensor : graph.tensors) {
        kept.push_back({tensor.spec, tensor.of(std::span<const float>(weights))});
      }
    }
    if (study_.predictions == study::KeepPredictions::none) result.predictions = {};
    sink_(runs_[run], result, kept);
    progress_.run_done(numbers_[run], result);
  }

 private:
  std::span<const study::Run> runs_;
  std::span<const std::size_t> numbers_;  // index of each cohort run among the missing runs
  const Problem& problem_;
  const study::Study& study_;
  const Sink& sink_;
  SharedProgress& progress_;
  std::vector<network::Graph> graphs_;  // per run of the cohort
  std::vector<std::vector<record::WeightSummary>>
      on_the_way_;  // per run of the cohort, recorded during training
};

// The cohorts of one session and the resources for training them.
class Session {
 public:
  Session(const Prepared& prepared, const engine::Backend& backend, Sink sink,
          std::span<const study::Run> missing, SharedProgress& progress,
          const ExecuteOptions& options)
      : prepared_(prepared),
        backend_(backend),
        sink_(std::move(sink)),
        missing_(missing),
        progress_(progress),
        queue_(queue_of(missing, *prepared.datasets, limits_of(backend, missing, options.jobs))),
        memory_(left_for_workers(missing, *prepared.datasets, options.memory_limit)) {
    for (const study::Cohort& cohort : queue_) {
      prepared_.datasets->expect_users(missing_[cohort.runs.front()].dataset, 1);
    }
  }

  /// Returns when the queue is empty or a stop is requested. Throws the exception of the first
  /// worker that fails.
  void train(std::size_t jobs, const std::stop_token& outer) {
    share_work(jobs, queue_.size(), outer, [this](std::size_t next, const std::stop_token& stop) {
      train_cohort(queue_[next], stop);
    });
  }

 private:
  void train_cohort(const study::Cohort& cohort, const std::stop_token& stop) {
    std::vector<study::Run> runs;
    for (const std::size_t number : cohort.runs) runs.push_back(missing_[number]);
    const std::string& name = runs.front().dataset;
    const record::DatasetRecord& record = prepared_.datasets->record(name);
    const MemoryBudget::Share share = memory_.take(training_bytes(backend_, runs, record), stop);
    Recorder recorder(runs, cohort.runs, record.problem, prepared_.study, sink_, progress_);
    const DatasetPool::Lease dataset = prepared_.datasets->take(name, backend_);
    backend_.train(*dataset, runs, {}, recorder, stop);
  }

  const Prepared& prepared_;
  const engine::Backend& backend_;
  Sink sink_;
  std::span<const study::Run> missing_;
  SharedProgress& progress_;
  std::vector<study::Cohort> queue_;
  MemoryBudget memory_;
};

// Seals what was recorded, even if a worker fails.
void train_all(Session&& session, store::Writer& writer, const ExecuteOptions& options) {
  try {
    session.train(options.jobs, options.stop);
  } catch (...) {
    writer.seal();
    throw;
  }
  writer.seal();
}

std::map<std::string, record::RunResult> recorded_results(std::span<const study::Run> runs,
                                                          const store::Reader& reader) {
  std::map<std::string, record::RunResult> results;
  for (const study::Run& run : runs) results.emplace(run.id, record::RunResult());
  for (record::RunRow& row : reader.runs()) {
    const auto wanted = results.find(row.id);
    if (wanted == results.end()) continue;
    wanted->second = std::move(row.result);
    wanted->second.history = reader.history(row.id);
  }
  return results;
}

// Says why results can differ, as far as the store knows.
Error differing_result(const std::string& store, const std::string& run_id,
                       const std::string& difference, const engine::BackendInfo& here,
                       const store::Reader& reader) {
  const record::BackendRecord this_one = record_of(here);
  std::string others;
  for (const record::BackendUse& use : reader.backends()) {
    if (use.backend == this_one) continue;
    others += (others.empty() ? "" : ", ") + printable(use.backend.text());
  }
  return input_error(
      {store, "run " + run_id},
      fmt::format("trained again it has {}, so its weights would not belong to its results",
                  difference),
      others.empty()
          ? "another version of minima may have recorded it; use another --store"
          : fmt::format("the store has results computed by {}, this is {}; use --retrain-missing "
                        "where they were computed, or another --store",
                        others, this_one.text()));
}

}  // namespace

std::int64_t unrecorded_runs(const Prepared& prepared, const store::Reader& reader) {
  std::vector<std::string> recorded;
  for (const record::RunRow& row : reader.runs()) {
    if (row.result.status != record::RunStatus::planned) recorded.push_back(row.id);
  }
  return static_cast<std::int64_t>(without_recorded(prepared.runs, recorded).size());
}

Outcome execute(const Prepared& prepared, const engine::Backend& backend, store::Writer& writer,
                const ExecuteOptions& options, ProgressObserver& observer) {
  writer.begin(study_record(prepared, options.program_version), dataset_records(prepared),
               prepared.plan);
  if (!options.session.id.empty()) writer.keep(options.session);
  const std::vector<study::Run> missing = without_recorded(prepared.runs, writer.recorded());
  const auto planned = static_cast<std::int64_t>(prepared.runs.size());
  const std::int64_t recorded_before = planned - static_cast<std::int64_t>(missing.size());

  SharedProgress progress(ProgressMeter(work_of(missing, *prepared.datasets), recorded_before),
                          observer);
  const Sink record = [&writer](const study::Run& run, const record::RunResult& result,
                                std::span<const store::NamedTensor> weights) {
    writer.record(run, result, weights);
  };
  train_all(Session(prepared, backend, record, missing, progress, options), writer, options);
  const Progress end = progress.now();
  Outcome outcome{.planned = planned,
                  .recorded_before = recorded_before,
                  .recorded = end.done - recorded_before,
                  .diverged = end.diverged,
                  .seconds = end.seconds};
  outcome.interrupted = options.stop.stop_requested() && outcome.missing() > 0;
  return outcome;
}

RetrainOutcome retrain(const Prepared& prepared, const engine::Backend& backend,
                       store::Writer& writer, const store::Reader& reader,
                       std::span<const study::Run> runs, const std::string& store,
                       const ExecuteOptions& options, ProgressObserver& observer) {
  const auto recorded = recorded_results(runs, reader);
  RetrainOutcome outcome{.planned = static_cast<std::int64_t>(runs.size())};
  if (runs.empty()) return outcome;
  std::mutex mutex;  // guards the outcome and the reader
  const Sink compare_and_add = [&](const study::Run& run, const record::RunResult& result,
                                   std::span<const store::NamedTensor> weights) {
    const std::string difference = difference_of(recorded.at(run.id), result);
    if (!difference.empty()) {
      const std::lock_guard lock(mutex);
      throw differing_result(store, run.id, difference, backend.info(), reader);
    }
    writer.add_weights(run.id, weights);
    const std::lock_guard lock(mutex);
    ++outcome.retrained;
  };
  const auto others = static_cast<std::int64_t>(prepared.runs.size() - runs.size());
  SharedProgress progress(ProgressMeter(work_of(runs, *prepared.datasets), others), observer);
  train_all(Session(prepared, backend, compare_and_add, runs, progress, options), writer, options);
  outcome.interrupted = options.stop.stop_requested() && outcome.missing() > 0;
  return outcome;
}

}  // namespace minima::run
