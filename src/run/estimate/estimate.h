// What a plan will cost.
//
//   FLOP of a run    epochs x training images x training FLOP of one image
//                    + (epochs x test images + training images) x FLOP of one forward pass
//   seconds          by the cost model of a training step (cost_model.h) and of a forward pass
//   store            a fixed part per run, per epoch and per tensor, and four bytes per parameter
//                    that is kept
//   memory           the program, the datasets, and per worker the weights, moments, activations
//                    and gradients of a run
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "core/error.h"
#include "engine/cpu/memory.h"
#include "run/setup/datasets.h"
#include "store/store.h"
#include "study/run.h"

namespace minima::run {

inline constexpr double kStoreBytesPerRun = 500;
inline constexpr double kStoreBytesPerEpoch = 110;
inline constexpr double kStoreBytesPerEpochAndLayer = 40;
// Of what is recorded of weights, each twice: every tensor, a matrix besides, and its nodes.
inline constexpr double kStoreBytesPerTensor = 150;
inline constexpr double kStoreBytesPerMatrix = 1500;
inline constexpr double kStoreBytesPerNode = 9;
// Compressed: bits per image of what a run predicts, and of what a variant gets right.
inline constexpr double kBitsPerPrediction = 1.4;
inline constexpr double kBitsPerOutcome = 0.5;
inline constexpr double kStoreBytesPerPredictions = 60;  // of a run or variant besides its images
inline constexpr double kProgramBytes = 60e6;

/// Floating-point operations of one run.
struct RunFlop {
  double training = 0.0;
  double evaluation = 0.0;
  [[nodiscard]] double total() const { return training + evaluation; }
};
[[nodiscard]] RunFlop flop_of(const study::Run& run, const store::DatasetRecord& dataset);

/// Seconds that the run takes one core, whose peak is `peak_gflops`.
[[nodiscard]] double core_seconds(const study::Run& run, const store::DatasetRecord& dataset,
                                  double peak_gflops);

struct Estimate {
  std::int64_t runs = 0;
  std::int64_t architectures = 0;  ///< distinct
  double flop = 0.0;               ///< training and evaluation
  double seconds = 0.0;            ///< wall time with all jobs at work
  double store_bytes = 0.0;
  double prediction_bytes = 0.0;   ///< in store_bytes: predictions per image
  double fixed_bytes = 0.0;        ///< of memory: program and datasets
  double largest_run_bytes = 0.0;  ///< of memory
  std::string largest_run;         ///< its architecture
  double memory_bytes = 0.0;       ///< of all, within the limit where it can be kept
  store::StoreSize size;           ///< of the store, without variants
};

struct EstimateInput {
  std::size_t jobs = 1;
  double peak_gflops = 0.0;  ///< of all jobs together, as measured
  study::KeepWeights weights = study::KeepWeights::representative;
  study::KeepPredictions predictions = study::KeepPredictions::all;
  std::size_t weight_epochs = 0;   ///< after how many the figures of weights are recorded
  std::uint64_t memory_limit = 0;  ///< 0: none
};

using RecordOf = std::function<const store::DatasetRecord&(const std::string&)>;

/// Cost of the runs; `record_of` describes a dataset by name.
[[nodiscard]] Estimate estimate(std::span<const study::Run> runs, const RecordOf& record_of,
                                const EstimateInput& input);

/// Store bytes of one result per validation and test image, `bits` of each, compressed.
[[nodiscard]] double image_bytes(const store::DatasetRecord& dataset, double bits);

/// Memory of program and datasets while these runs are trained.
[[nodiscard]] double fixed_bytes(std::span<const study::Run> runs, const RecordOf& record_of);

/// What a limit (bytes of the whole program; 0: none) leaves to the workers of either phase. At
/// least one byte, 0 where there is no limit.
[[nodiscard]] std::uint64_t left_for_workers(std::span<const study::Run> runs,
                                             const DatasetPool& datasets, std::uint64_t limit);

/// Input error at `place` when `architecture` needs more memory alone than the limit leaves it.
void refuse_too_large(double bytes, std::uint64_t limit, const std::string& architecture,
                      const Place& place);

}  // namespace minima::run
