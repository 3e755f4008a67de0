#include "engine/cpu/cohort.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "engine/checks.h"
#include "engine/class_weights.h"
#include "engine/cpu/run_state.h"
#include "engine/shuffle.h"
#include "kernels/vector/denormals.h"
#include "network/derive/work.h"
#include "record/run_result.h"

namespace minima::engine {
namespace {

std::size_t images_per_step(const study::Run& run, const data::Dataset& dataset) {
  const auto images = static_cast<std::int64_t>(dataset.train.count());
  return static_cast<std::size_t>(run.train.batch_of(images));
}

using Clock = std::chrono::steady_clock;

std::vector<std::uint16_t> classes_of(const std::vector<int>& predictions) {
  return {predictions.begin(), predictions.end()};
}

class Cohort {
 public:
  Cohort(const PreparedDataset& dataset, std::span<const study::Run> runs,
         const TrainOptions& options, TrainObserver& observer, std::stop_token stop);

  void train() {
    for (int epoch = options_.first_epoch + 1; !active_.empty(); ++epoch) {
      for (const std::size_t r : active_) runs_[r].begin_epoch(epoch);
      if (!train_epoch(epoch) || !end_epoch()) return;
    }
  }

 private:
  bool train_epoch(int epoch);
  void train_batch();
  bool end_epoch();
  bool end_runs(const std::vector<std::size_t>& ended);
  [[nodiscard]] bool add_last_figures(const std::vector<std::size_t>& ended);
  void end_run(std::size_t r);
  void end_diverged(std::size_t r);
  [[nodiscard]] std::optional<std::vector<Evaluator>> evaluate(
      const data::Split& split, const std::vector<std::size_t>& which);
  [[nodiscard]] double share_of_time(std::size_t r) const;
  [[nodiscard]] bool out_of_steps() const {
    return options_.max_steps && runs_[active_.front()].steps() >= *options_.max_steps;
  }

  const data::Dataset& dataset_;
  TrainOptions options_;
  TrainObserver& observer_;
  std::stop_token stop_;
  Clock::time_point begin_ = Clock::now();
  std::vector<RunState> runs_;
  std::vector<double> flop_;         // of one step of each run, to divide up the time
  std::vector<std::size_t> active_;  // runs still training
  BatchShape shape_;
  Batch batch_;
  AlignedBuffer<float> workspace_;
};

Cohort::Cohort(const PreparedDataset& dataset, std::span<const study::Run> runs,
               const TrainOptions& options, TrainObserver& observer, std::stop_token stop)
    : dataset_(dataset.data()),
      options_(options),
      observer_(observer),
      stop_(std::move(stop)),
      shape_(batch_shape(images_per_step(runs.front(), dataset_))),
      batch_(dataset_.shape, shape_, dataset.pixels(runs.front().train.scaling)) {
  std::map<std::pair<std::string, bool>, std::shared_ptr<const Network>> networks;
  std::size_t workspace = 0;
  const std::size_t epoch_steps = (dataset_.train.count() + shape_.images - 1) / shape_.images;
  const auto steps_before = static_cast<std::int64_t>(epoch_steps) * options_.first_epoch;
  for (const study::Run& run : runs) {
    const RunConditions conditions =
        options_.conditions.empty() ? RunConditions{} : options_.conditions[runs_.size()];
    const bool hooks = transforms(conditions.activations);
    auto& network = networks[{run.architecture.text(), hooks}];
    if (!network) {
      network = std::make_shared<const Network>(run.architecture, dataset.problem(), shape_,
                                                NetworkOptions{hooks});
      workspace = std::max(workspace, network->workspace_floats());
    }
    active_.push_back(runs_.size());
    flop_.push_back(static_cast<double>(network::training_flop(network->graph())));
    runs_.emplace_back(
        run, network, conditions, steps_before,
        class_weights(run.train.class_weights, dataset_.train, dataset.problem().classes));
    runs_.back().result().epochs = options_.first_epoch;
  }
  workspace_ = AlignedBuffer<float>(workspace);
}

// False if a stop was requested.
bool Cohort::train_epoch(int epoch) {
  const study::Run& first = runs_.front().run();
  const std::vector<std::uint32_t> order =
      shuffled_indices(dataset_.train.count(), first.seed, first.dataset, first.replicate, epoch);
  for (std::size_t begin = 0; begin < order.size() && !active_.empty(); begin += shape_.images) {
    if (stop_.stop_requested()) return false;
    if (out_of_steps()) return true;
    const std::size_t count = std::min(shape_.images, order.size() - begin);
    batch_.load(dataset_.train, std::span(order).subspan(begin, count));
    train_batch();
  }
  return true;
}

void Cohort::train_batch() {
  bool any_diverged = false;
  for (const std::size_t r : active_) {
    const double loss = runs_[r].step(batch_, workspace_.data());
    if (options_.report_steps) observer_.on_step(r, runs_[r].steps(), loss);
    any_diverged = any_diverged || runs_[r].diverged();
  }
  if (!any_diverged) return;
  for (const std::size_t r : active_) {
    if (runs_[r].diverged()) end_diverged(r);
  }
  std::erase_if(active_, [this](std::size_t r) { return runs_[r].diverged(); });
}

// False if a stop was requested: partial evaluations are not reported.
bool Cohort::end_epoch() {
  std::optional<std::vector<Evaluator>> tests;
  if (options_.evaluate) {
    tests = evaluate(dataset_.test, active_);
    if (!tests) return false;
  }
  std::vector<std::size_t> ended;
  for (std::size_t i = 0; i < active_.size(); ++i) {
    RunState& run = runs_[active_[i]];
    record::EpochRecord record = run.epoch_record();
    if (tests) add_test_figures((*tests)[i], record);
    observer_.on_epoch(active_[i], record, run.read_weights());
    run.result().epochs = record.epoch;
    run.result().test_loss = record.test_loss;
    run.result().test_accuracy = record.test_accuracy;
    run.result().history.push_back(std::move(record));
    if (run.result().epochs < run.run().train.epochs && !out_of_steps()) continue;
    if (tests) run.result().predictions.test = classes_of((*tests)[i].predictions());
    ended.push_back(active_[i]);
  }
  return ended.empty() || end_runs(ended);
}

// False if a stop was requested.
bool Cohort::add_last_figures(const std::vector<std::size_t>& ended) {
  const std::optional<std::vector<Evaluator>> exact = evaluate(dataset_.train, ended);
  const auto validation = evaluate(dataset_.validation, ended);
  if (!exact || !validation) return false;
  for (std::size_t i = 0; i < ended.size(); ++i) {
    record::RunResult& result = runs_[ended[i]].result();
    result.train_loss = (*exact)[i].loss();
    result.train_accuracy = (*exact)[i].accuracy();
    if (dataset_.validation.count() == 0) continue;
    result.validation_accuracy = (*validation)[i].accuracy();
    result.predictions.validation = classes_of((*validation)[i].predictions());
  }
  return true;
}

bool Cohort::end_runs(const std::vector<std::size_t>& ended) {
  if (options_.evaluate && !add_last_figures(ended)) return false;
  for (const std::size_t r : ended) end_run(r);
  std::erase_if(active_, [&ended](std::size_t r) { return std::ranges::count(ended, r) > 0; });
  return true;
}

void Cohort::end_run(std::size_t r) {
  RunState& run = runs_[r];
  run.result().status = record::RunStatus::finished;
  run.result().seconds = share_of_time(r);
  observer_.on_end(r, std::move(run.result()), run.read_weights());
}

void Cohort::end_diverged(std::size_t r) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  record::RunResult& result = runs_[r].result();
  result.train_loss = result.train_accuracy = result.test_loss = result.test_accuracy = kNone;
  result.seconds = share_of_time(r);
  record::RunResult copy = result;  // diverged() still reads the original
  observer_.on_end(r, std::move(copy), runs_[r].read_weights());
}

// Empty if a stop was requested meanwhile.
std::optional<std::vector<Evaluator>> Cohort::evaluate(const data::Split& split,
                                                       const std::vector<std::size_t>& which) {
  std::vector<Evaluator> evaluators;
  std::vector<const float*> values;
  for (const std::size_t r : which) {
    values.push_back(runs_[r].compute_values());
    evaluators.emplace_back(runs_[r].network(), runs_[r].run().train.loss);
  }
  if (which.empty()) return evaluators;
  bool stopped = false;
  for_each_batch(split, shape_.images, batch_, [&](const Batch& batch) {
    stopped = stopped || stop_.stop_requested();
    if (stopped) return;
    for (std::size_t i = 0; i < which.size(); ++i) {
      evaluators[i].add(values[i], batch, workspace_.data(), runs_[which[i]].evaluation_hook());
    }
  });
  if (stopped) return std::nullopt;
  return evaluators;
}

double Cohort::share_of_time(std::size_t r) const {
  double all = 0.0;
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    all += flop_[i] * static_cast<double>(runs_[i].steps());
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
  return seconds * flop_[r] * static_cast<double>(runs_[r].steps()) / all;
}

}  // namespace

void train_cohort(const PreparedDataset& dataset, std::span<const study::Run> runs,
                  const TrainOptions& options, TrainObserver& observer,
                  const std::stop_token& stop) {
  check_cohort(runs, dataset.problem(), options);
  const kernels::FlushDenormals flush;
  Cohort(dataset, runs, options, observer, stop).train();
}

}  // namespace minima::engine
