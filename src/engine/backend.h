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
#include "engine/activation_transform.h"
#include "engine/weight_transform.h"
#include "network/graph.h"
#include "study/run.h"

namespace minima::engine {

struct BackendInfo {
  std::string name;             ///< "cpu"
  std::string instruction_set;  ///< of the elementwise kernels: "AVX3"
  std::string matrix_products;  ///< "libxsmm 1.17 (cpx)" or "portable"
};

/// A parameter tensor of a trained network, row-major as in its spec; valid during the call.
struct ParameterView {
  network::TensorSpec spec;
  std::span<const float> values;
};

/// The values of all tensors, one after another: as Candidate::parameters wants them.
[[nodiscard]] std::vector<float> flat_parameters(std::span<const ParameterView> tensors);

/// What training tells while it goes on. `run` counts from 0 within the cohort. Called on the
/// thread that trains.
class TrainObserver {
 public:
  virtual ~TrainObserver() = default;
  virtual void on_step(std::size_t /*run*/, std::int64_t /*step*/, double /*loss*/) {}
  /// `parameters`, here and below: the weights themselves, also where a WeightTransform stands
  /// before them.
  virtual void on_epoch(std::size_t /*run*/, const study::EpochRecord& /*record*/,
                        std::span<const ParameterView> /*parameters*/) {}
  virtual void on_end(std::size_t run, study::RunResult&& result,
                      std::span<const ParameterView> parameters) = 0;
};

/// How a run departs from plain training. Arrays are flat, in the order of the network's tensors
/// (as Candidate::parameters), and are copied when training begins.
struct RunConditions {
  std::span<const float> parameters;  ///< starts from these; empty: from its initial weights
  /// 0: the parameter is zero and stays zero, and its gradient counts in no norm; empty: nothing is
  /// masked.
  std::span<const std::uint8_t> mask;
  /// What forward and backward pass compute with; null: the weights themselves. Is to leave zeros
  /// where the mask has them.
  const WeightTransform* weights = nullptr;
  /// What becomes of activations, in training and evaluation; null: nothing. Not of vision
  /// transformers.
  const ActivationTransform* activations = nullptr;
};

struct TrainOptions {
  bool evaluate = true;  ///< test set each epoch, exact figures of the other splits at the end
  /// Stop after so many steps of this training: a multiple of an epoch's gives the weights after so
  /// many epochs, with the bits that they had on the way of an uninterrupted training.
  std::optional<std::int64_t> max_steps;
  bool report_steps = false;                  ///< call on_step
  std::span<const RunConditions> conditions;  ///< empty, or one per run of the cohort
  /// Epochs that are done already: training goes on from the one after them to train.epochs, with
  /// the shuffles, learning rates and dropout of those epochs. The optimiser's moments, and the
  /// steps that it corrects their bias by, start anew.
  int first_epoch = 0;
};

/// A network to be evaluated: parameters as one array in the order of its tensors.
struct Candidate {
  network::Architecture architecture;
  study::Scaling scaling = study::Scaling::unit;
  study::Loss loss = study::Loss::cross_entropy;
  std::span<const float> parameters;
  const ActivationTransform* activations = nullptr;  ///< null: they stay as they are
  bool wants_logits = false;
};

struct Evaluation {
  double loss = 0.0;
  double accuracy = 0.0;
  std::vector<int> predictions;  ///< predicted class of each image evaluated, in their order
  std::vector<float> logits;     ///< [images][classes] where the candidate wants them; else empty
};

class Backend {
 public:
  virtual ~Backend() = default;
  [[nodiscard]] virtual BackendInfo info() const = 0;

  /// Trains the runs in lockstep on the calling thread; they share dataset, replicate, seed, batch
  /// size and scaling. A run that diverges ends alone. When a stop is asked for, returns within a
  /// few steps; `on_end` is then not called for unfinished runs. Throws std::invalid_argument for
  /// runs that cannot share a cohort, and for conditions that do not fit them.
  virtual void train(const data::Dataset& dataset, std::span<const study::Run> cohort,
                     const TrainOptions& options, TrainObserver& observer,
                     std::stop_token stop) const = 0;

  /// Loss, accuracy and predictions of networks on one split, all on the calling thread. What comes
  /// out for a candidate has the same bits whichever others are evaluated with it. `images`:
  /// indices into the split, in any order; empty: all images in theirs. Throws
  /// std::invalid_argument for parameters that do not fit an architecture, and images that the
  /// split does not have.
  [[nodiscard]] virtual std::vector<Evaluation> evaluate(
      const data::Dataset& dataset, const data::Split& split, std::span<const Candidate> candidates,
      std::span<const std::uint32_t> images = {}) const = 0;
};

[[nodiscard]] std::unique_ptr<Backend> make_cpu_backend();

}  // namespace minima::engine
