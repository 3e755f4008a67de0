// What a plan will cost, from a cost model small enough to be read here.
//
//   FLOP of a run    epochs x training images x training FLOP of one image
//                    + (epochs x test images + training images) x FLOP of one forward pass
//   seconds          FLOP / (peak x efficiency(FLOP of one step)), plus the preparation of the
//                    batches, which the runs of a cohort share
//   efficiency       kBestEfficiency x f / (f + kHalfwayFlop) for a step of f FLOP: small steps
//   spend
//                    a larger part of their time outside the matrix products
//   store            a fixed part per run and per epoch, and four bytes per parameter that is kept
//   memory           the program, the datasets, and per worker one cohort's weights and activations
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "store/store.h"
#include "study/run.h"

namespace minima::run {

/// Constants of the cost model, calibrated against `minima bench train`.
inline constexpr double kBestEfficiency = 0.66;           ///< share of peak of very large steps
inline constexpr double kHalfwayFlop = 0.85e6;            ///< FLOP per step that reach half of it
inline constexpr double kPrepareSecondsPerPixel = 7e-10;  ///< gathering and scaling a batch
inline constexpr double kTypicalCohort = 16;              ///< runs that share that preparation
inline constexpr double kStoreBytesPerRun = 500;
inline constexpr double kStoreBytesPerEpoch = 110;
inline constexpr double kStoreBytesPerEpochAndLayer = 40;
inline constexpr double kProgramBytes = 60e6;

/// Floating-point operations of one run.
struct RunFlop {
  double training = 0.0;
  double evaluation = 0.0;
  [[nodiscard]] double total() const { return training + evaluation; }
};
[[nodiscard]] RunFlop flop_of(const study::Run& run, const store::DatasetRecord& dataset);

/// Share of a core's peak that training steps of `flop` FLOP reach.
[[nodiscard]] double efficiency_of(double flop);

/// Seconds that the run takes one core, whose peak is `peak_gflops`.
[[nodiscard]] double core_seconds(const study::Run& run, const store::DatasetRecord& dataset,
                                  double peak_gflops);

struct Estimate {
  std::int64_t runs = 0;
  std::int64_t architectures = 0;  ///< distinct
  double flop = 0.0;               ///< training and evaluation
  double seconds = 0.0;            ///< wall time with all jobs at work
  double store_bytes = 0.0;
  double memory_bytes = 0.0;
};

struct EstimateInput {
  std::size_t jobs = 1;
  double peak_gflops = 0.0;  ///< of all jobs together, as measured
  study::KeepWeights weights = study::KeepWeights::representative;
};

using RecordOf = std::function<const store::DatasetRecord&(const std::string&)>;

/// Cost of the runs; `record_of` describes a dataset by name.
[[nodiscard]] Estimate estimate(std::span<const study::Run> runs, const RecordOf& record_of,
                                const EstimateInput& input);

/// Input error when the memory that is needed is more than `physical_bytes`.
void refuse_too_large(const Estimate& estimate, std::uint64_t physical_bytes,
                      const std::string& study_file);

}  // namespace minima::run
