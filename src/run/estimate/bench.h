// Measures how fast one architecture trains. It times the real training loop with data preparation
// and optimizer, without evaluation. The machine's peak is measured before and after.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "data/dataset.h"
#include "engine/backend.h"
#include "network/notation/architecture.h"
#include "run/estimate/cost_model.h"

namespace minima::run {

struct BenchOptions {
  network::Architecture architecture;
  std::size_t jobs = 1;
  std::size_t runs = 0;  ///< trained in lockstep by each job; 0: as many as in a study
  double seconds = 2.0;  ///< target duration of the measurement
  int batch = 100;
};

/// Measures the peak rate of fused multiply-adds of `jobs` threads, in GFLOP/s.
using MeasurePeak = std::function<double(std::size_t jobs)>;

struct BenchResult {
  std::string backend;
  std::string dataset;
  std::string architecture;
  std::int64_t parameters = 0;
  std::int64_t runs = 0;  ///< total over all jobs
  std::int64_t jobs = 0;
  int batch = 0;
  std::int64_t steps = 0;  ///< steps per run
  double seconds = 0.0;
  double microseconds_per_run_step = 0.0;  ///< core time: wall time x jobs / (runs x steps)
  double gflops = 0.0;                     ///< training FLOP of all jobs / wall time
  double peak_gflops = 0.0;                ///< mean of before and after, all jobs
  double efficiency = 0.0;                 ///< gflops / peak_gflops
  StepWork work;                           ///< work of one step of one run
  double predicted_microseconds = 0.0;     ///< per run and step, from the cost model
};

/// Trains for about `options.seconds` after a warm-up that also determines the number of steps.
/// Throws a work error if a run diverges.
[[nodiscard]] BenchResult bench_train(const engine::Backend& backend,
                                      const engine::PreparedDataset& dataset,
                                      const BenchOptions& options, const MeasurePeak& measure_peak);

}  // namespace minima::run
