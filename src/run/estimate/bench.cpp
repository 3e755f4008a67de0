#include "run/estimate/bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <exception>
#include <latch>
#include <mutex>
#include <stop_token>
#include <system_error>
#include <thread>
#include <vector>

#include "core/error.h"
#include "core/text.h"
#include "network/derive/work.h"
#include "network/families/lower.h"
#include "record/run_result.h"
#include "study/plan/plan.h"

namespace minima::run {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostRuns = 16;
constexpr int kEndlessEpochs = 1'000'000'000;  // the number of steps ends the training
constexpr std::int64_t kFirstSteps = 20;
constexpr double kWarmUpShare = 0.1;  // fraction of the requested seconds
constexpr double kShortestWarmUp = 0.1;
constexpr double kSecondsPerInitialWeight = 1e-8;
constexpr double kMostOvertime = 10.0;  // multiple of the requested seconds
constexpr double kAlwaysAllowed = 5.0;  // seconds; a measurement this short is always accepted

study::TrainSettings settings_of(const BenchOptions& options) {
  study::TrainSettings train;
  train.epochs = kEndlessEpochs;
  train.batch = options.batch;
  return train;
}

std::vector<study::Run> cohort_of(const engine::PreparedDataset& dataset,
                                  const BenchOptions& options, std::size_t count, int replicate) {
  const study::TrainSettings train = settings_of(options);
  std::vector<study::Run> runs;
  for (std::size_t i = 0; i < count; ++i) {
    runs.push_back(study::make_run(dataset.data().name, options.architecture, replicate, 1, train));
    // Initial weights are derived from the id, so each run of the cohort gets different weights.
    runs.back().id = fmt::format("{:016x}", i);
  }
  return runs;
}

std::size_t usual_cohort(const engine::Backend& backend, const engine::PreparedDataset& dataset,
                         const BenchOptions& options) {
  const std::vector<study::Run> runs = cohort_of(dataset, options, kMostRuns, 0);
  const auto cohorts = study::make_cohorts(
      runs, [&](const std::string&) { return dataset.problem(); },
      [&](const std::string&) { return static_cast<std::int64_t>(dataset.data().train.count()); },
      backend.limits(settings_of(options).optimizer));
  return cohorts.front().runs.size();
}

class DivergenceWatch : public engine::TrainObserver {
 public:
  void on_end(std::size_t /*run*/, record::RunResult&& result,
              const engine::ReadWeights& /*weights*/) override {
    if (result.status == record::RunStatus::diverged) {
      throw Error(Error::Kind::work, "a run diverged, so that its steps cannot be measured");
    }
  }
};

// Trains one cohort per thread for `steps` steps, all at the same time; returns the wall time.
double seconds_of(const engine::Backend& backend, const engine::PreparedDataset& dataset,
                  const std::vector<std::vector<study::Run>>& cohorts, std::int64_t steps) {
  std::latch start(static_cast<std::ptrdiff_t>(cohorts.size()) + 1);
  std::mutex mutex;
  std::exception_ptr failure;
  Clock::time_point begin;
  {
    std::atomic<bool> all_there = true;
    std::vector<std::jthread> workers;
    const auto work_on = [&](const std::vector<study::Run>& cohort) {
      return [&, &cohort = cohort] {
        start.arrive_and_wait();
        if (!all_there) return;
        try {
          DivergenceWatch watch;
          backend.train(dataset, cohort, {.evaluate = false, .max_steps = steps}, watch, {});
        } catch (...) {
          const std::lock_guard lock(mutex);
          failure = std::current_exception();
        }
      };
    };
    try {
      for (const auto& cohort : cohorts) workers.emplace_back(work_on(cohort));
    } catch (const std::system_error&) {  // the thread did not start: release the threads that wait
                                          // for it
      all_there = false;
      start.count_down(static_cast<std::ptrdiff_t>(cohorts.size() + 1 - workers.size()));
      throw;
    }
    start.arrive_and_wait();
    begin = Clock::now();
  }
  if (failure) std::rethrow_exception(failure);
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// Lower bounds, by arithmetic, on one step of a cohort and on the creation of its runs.
struct LeastSeconds {
  double step = 0.0;
  double begin = 0.0;
};

LeastSeconds least_seconds(const BenchOptions& options, const Problem& problem, std::size_t runs,
                           double core_gflops) {
  const StepWork work = step_work(options.architecture, problem, settings_of(options));
  const auto parameters =
      static_cast<double>(network::graph_of(options.architecture, problem).parameters());
  const auto count = static_cast<double>(runs);
  return {.step = count * peak_flop_of(work) / (core_gflops * 1e9),
          .begin = count * parameters * kSecondsPerInitialWeight};
}

// Warm-up and measurement each create the runs and train at least one step, however few seconds
// were requested.
void refuse_too_slow(const BenchOptions& options, const LeastSeconds& least) {
  const double needed = 2.0 * (least.begin + least.step);
  if (needed <= kMostOvertime * options.seconds || needed <= kAlwaysAllowed) return;
  throw input_error(
      {"--seconds", ""},
      fmt::format("measuring \"{}\" takes about {} for a single step; {} s are too short",
                  options.architecture.text(), human_duration(needed), shortest(options.seconds)),
      fmt::format("ask for --seconds {:.0f} or a smaller architecture",
                  std::ceil(needed / kMostOvertime)));
}

// Trains until the warm-up has lasted long enough. Derives the number of steps from its last and
// longest part.
std::int64_t steps_for(const engine::Backend& backend, const engine::PreparedDataset& dataset,
                       const std::vector<std::vector<study::Run>>& cohorts, double seconds,
                       double step_seconds) {
  const double warm_up = std::max(kShortestWarmUp, kWarmUpShare * seconds);
  const auto most = static_cast<double>(kFirstSteps);
  auto steps = std::llround(std::clamp(warm_up / step_seconds, 1.0, most));
  for (;;) {
    const double taken = seconds_of(backend, dataset, cohorts, steps);
    if (taken >= warm_up) {
      return std::max<std::int64_t>(1, std::llround(static_cast<double>(steps) * seconds / taken));
    }
    const double factor = std::clamp(1.2 * warm_up / std::max(taken, 1e-6), 1.5, 20.0);
    steps = std::llround(static_cast<double>(steps) * factor);
  }
}

}  // namespace

BenchResult bench_train(const engine::Backend& backend, const engine::PreparedDataset& dataset,
                        const BenchOptions& options, const MeasurePeak& measure_peak) {
  const std::size_t runs =
      options.runs > 0 ? options.runs : usual_cohort(backend, dataset, options);
  const double cores = static_cast<double>(options.jobs);
  const LeastSeconds least =
      least_seconds(options, dataset.problem(), runs, measure_peak(options.jobs) / cores);
  refuse_too_slow(options, least);
  std::vector<std::vector<study::Run>> cohorts;
  for (std::size_t job = 0; job < options.jobs; ++job) {
    cohorts.push_back(cohort_of(dataset, options, runs, static_cast<int>(job)));
  }
  const std::int64_t steps = steps_for(backend, dataset, cohorts, options.seconds, least.step);
  const double peak_before = measure_peak(options.jobs);
  const double seconds = seconds_of(backend, dataset, cohorts, steps);
  const double peak = 0.5 * (peak_before + measure_peak(options.jobs));

  const auto all_runs = static_cast<std::int64_t>(runs * options.jobs);
  const auto run_steps = static_cast<double>(all_runs) * static_cast<double>(steps);
  const Problem problem = dataset.problem();
  const auto flop =
      static_cast<double>(network::training_flop(network::graph_of(options.architecture, problem)));
  const StepWork work = step_work(options.architecture, problem, settings_of(options));
  const double core_peak = peak / cores;
  const double gflops = run_steps * options.batch * flop / seconds * 1e-9;
  return {.backend = backend.info().name,
          .dataset = dataset.data().name,
          .architecture = options.architecture.text(),
          .parameters = network::graph_of(options.architecture, problem).parameters(),
          .runs = all_runs,
          .jobs = static_cast<std::int64_t>(options.jobs),
          .batch = options.batch,
          .steps = steps,
          .seconds = seconds,
          .microseconds_per_run_step = seconds * cores / run_steps * 1e6,
          .gflops = gflops,
          .peak_gflops = peak,
          .efficiency = gflops / peak,
          .work = work,
          .predicted_microseconds = peak_flop_of(work) / core_peak * 1e-3};
}

}  // namespace minima::run
