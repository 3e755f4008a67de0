// The engine's whole face: a backend trains and evaluates cohorts. A new backend is one more
// implementation of this interface that passes the same conformance tests.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "study/layers.h"
#include "study/run.h"

namespace minima::engine {

struct BackendInfo {
  std::string name;             ///< "cpu"
  std::string instruction_set;  ///< of the elementwise kernels: "AVX3"
  std::string matrix_products;  ///< "libxsmm 1.17 (cpx)" or "portable"
};

/// A parameter tensor of a trained network, row-major as in its spec; valid during the call.
struct ParameterView {
  study::TensorSpec spec;
  std::span<const float> values;
};

/// What training tells while it goes on. `run` counts from 0 within the cohort. Called on the
/// thread that trains.
class TrainObserver {
 public:
  virtual ~TrainObserver() = default;
  virtual void on_step(std::size_t /*run*/, std::int64_t /*step*/, double /*loss*/) {}
  virtual void on_epoch(std::size_t /*run*/, const study::EpochRecord& /*record*/) {}
  virtual void on_end(std::size_t run, study::RunResult&& result,
                      std::span<const ParameterView> parameters) = 0;
};

struct TrainOptions {
  bool evaluate = true;  ///< test set each epoch, exact training figures at the end
  std::optional<std::int64_t> max_steps;  ///< stop after so many steps (for benchmarks and tests)
  bool report_steps = false;              ///< call on_step
};

/// A network to be evaluated: parameters as one array in the order of its tensors.
struct Candidate {
  study::Architecture architecture;
  study::Scaling scaling = study::Scaling::unit;
  study::Loss loss = study::Loss::cross_entropy;
  std::span<const float> parameters;
};

struct Evaluation {
  double loss = 0.0;
  double accuracy = 0.0;
  std::vector<int> predictions;  ///< predicted class of each image
};

class Backend {
 public:
  virtual ~Backend() = default;
  [[nodiscard]] virtual BackendInfo info() const = 0;

  /// Trains the runs in lockstep on the calling thread; they share dataset, replicate, seed, batch
  /// size and scaling. A run that diverges ends alone. When a stop is asked for, returns within a
  /// few steps; `on_end` is then not called for unfinished runs. Throws std::invalid_argument for
  /// runs that cannot share a cohort.
  virtual void train(const data::Dataset& dataset, std::span<const study::Run> cohort,
                     const TrainOptions& options, TrainObserver& observer,
                     std::stop_token stop) const = 0;

  /// Loss, accuracy and predictions of networks on one split, all on the calling thread.
  [[nodiscard]] virtual std::vector<Evaluation> evaluate(
      const data::Dataset& dataset, const data::Split& split,
      std::span<const Candidate> candidates) const = 0;
};

[[nodiscard]] std::unique_ptr<Backend> make_cpu_backend();

}  // namespace minima::engine
