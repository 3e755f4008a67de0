// Estimates the cost of a plan.
//
//   FLOP of a run    epochs x training images x training FLOP of one image
//                    + (epochs x test images + training images) x FLOP of one forward pass
//   seconds          from the cost model of a training step (cost_model.h) and of a forward pass
//   store            a fixed part per run, per epoch and per tensor, and four bytes per kept
//                    parameter
//   memory           the program, the datasets, and for each worker the weights, moments,
//                    activations and gradients of a run
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "core/error.h"
#include "engine/backend.h"
#include "run/setup/datasets.h"
#include "store/store.h"
#include "study/run.h"

namespace minima::run {

inline constexpr double kStoreBytesPerRun = 500;
inline constexpr double kStoreBytesPerEpoch = 110;
inline constexpr double kStoreBytesPerEpochAndLayer = 40;
// Bytes of a weight summary: per tensor, in addition per matrix, and per node of a matrix.
// Two summaries are counted, at the start and at the end.
inline constexpr double kStoreBytesPerTensor = 150;
inline constexpr double kStoreBytesPerMatrix = 1500;
inline constexpr double kStoreBytesPerNode = 9;
// Compressed size per image of a run's predictions, and of a variant's outcomes (right or wrong).
inline constexpr double kBitsPerPrediction = 1.4;
inline constexpr double kBitsPerOutcome = 0.5;
inline constexpr double kStoreBytesPerPredictions = 60;  // overhead of a run or variant
inline constexpr double kProgramBytes = 60e6;

/// Floating-point operations of one run.
struct RunFlop {
  double training = 0.0;
  double evaluation = 0.0;
  [[nodiscard]] double total() const { return training + evaluation; }
};
[[nodiscard]] RunFlop flop_of(const study::Run& run, const record::DatasetRecord& dataset);

/// FLOP at peak speed of one core that take as long as the run.
[[nodiscard]] double peak_flop_of(const study::Run& run, const record::DatasetRecord& dataset);

/// Seconds that the run takes on one core with a peak of `peak_gflops`.
[[nodiscard]] double core_seconds(const study::Run& run, const record::DatasetRecord& dataset,
                                  double peak_gflops);

struct Estimate {
  std::int64_t runs = 0;
  std::int64_t architectures = 0;  ///< distinct architectures
  double flop = 0.0;               ///< training and evaluation
  double seconds = 0.0;            ///< wall time with all jobs running
  double store_bytes = 0.0;
  double prediction_bytes = 0.0;   ///< part of store_bytes: predictions per image
  double fixed_bytes = 0.0;        ///< memory of the program and the datasets
  double largest_run_bytes = 0.0;  ///< memory of the largest run
  std::string largest_run;         ///< architecture of the largest run
  double memory_bytes = 0.0;       ///< total memory, kept within the limit if possible
  store::StoreSize size;           ///< of the store, without variants
};

struct EstimateInput {
  std::size_t jobs = 1;
  double peak_gflops = 0.0;  ///< of all jobs together, as measured
  study::KeepWeights weights = study::KeepWeights::representative;
  study::KeepPredictions predictions = study::KeepPredictions::all;
  std::size_t weight_epochs = 0;   ///< number of epochs after which weight summaries are recorded
  std::uint64_t memory_limit = 0;  ///< bytes; 0: unlimited
};

using RecordOf = std::function<const record::DatasetRecord&(const std::string&)>;

/// Estimates the cost of the runs on a backend; `record_of` describes a dataset by name.
[[nodiscard]] Estimate estimate(const engine::Backend& backend, std::span<const study::Run> runs,
                                const RecordOf& record_of, const EstimateInput& input);

/// Store bytes of one compressed result per validation and test image, of `bits` bits each.
[[nodiscard]] double image_bytes(const record::DatasetRecord& dataset, double bits);

/// Memory of the program and the datasets while these runs train.
[[nodiscard]] double fixed_bytes(std::span<const study::Run> runs, const RecordOf& record_of);

/// Bytes that a limit leaves for the workers of training or compression. `limit` is in bytes of the
/// whole program; 0: unlimited. Returns at least 1, or 0 if there is no limit.
[[nodiscard]] std::uint64_t left_for_workers(std::span<const study::Run> runs,
                                             const DatasetPool& datasets, std::uint64_t limit);

/// Throws an input error at `place` if `architecture` alone needs more memory than the limit
/// leaves.
void refuse_too_large(double bytes, std::uint64_t limit, const std::string& architecture,
                      const Place& place);

}  // namespace minima::run
