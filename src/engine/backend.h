// The public interface of the engine: a backend trains and evaluates cohorts. A new backend
// implements this interface and passes the same conformance tests.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "compress/integer/integer_network.h"
#include "engine/prepared_dataset.h"
#include "engine/transforms.h"
#include "network/notation/architecture.h"
#include "record/run_result.h"
#include "study/plan/plan.h"
#include "study/run.h"

namespace minima::engine {

struct BackendInfo {
  std::string name;             ///< "cpu"
  std::string instruction_set;  ///< of the elementwise kernels: "AVX3"
  std::string matrix_products;  ///< "libxsmm 1.17 (cpx)" or "portable"
};

/// Reads the weights of a run, flat as in Candidate::parameters: the weights themselves, even if
/// training quantizes them. Costs a copy. Valid only during the call that receives it.
using ReadWeights = std::function<std::vector<float>()>;

/// Callbacks invoked during training, on the thread that trains. `run` counts from 0 within the
/// cohort.
class TrainObserver {
 public:
  virtual ~TrainObserver() = default;
  virtual void on_step(std::size_t /*run*/, std::int64_t /*step*/, double /*loss*/) {}
  virtual void on_epoch(std::size_t /*run*/, const record::EpochRecord& /*record*/,
                        const ReadWeights& /*weights*/) {}
  virtual void on_end(std::size_t run, record::RunResult&& result, const ReadWeights& weights) = 0;
};

/// How a run differs from plain training. Arrays are flat, in the order of the network's tensors
/// (as in Candidate::parameters), and are copied when training begins.
struct RunConditions {
  std::span<const float> parameters;  ///< initial parameters; empty: the run's initial weights
  /// 0: the parameter is zero and stays zero, and its gradient counts in no norm. Empty: no mask.
  std::span<const std::uint8_t> mask;
  std::optional<QuantizeWeights> weights;
  ActivationTransform activations;  ///< not supported for vision transformers
};

struct TrainOptions {
  bool evaluate = true;  ///< test set each epoch, exact figures of the other splits at the end
  /// Stop after this many steps of this training. After a whole number of epochs, the weights have
  /// the same bits as an uninterrupted training has at that point.
  std::optional<std::int64_t> max_steps;
  bool report_steps = false;                  ///< whether to call on_step
  std::span<const RunConditions> conditions;  ///< empty, or one per run of the cohort
  /// Number of epochs already done. Training continues with the next epoch, up to train.epochs, and
  /// uses the shuffles, learning rates and dropout of those epochs. The optimizer's moments and its
  /// step count for bias correction start from zero.
  int first_epoch = 0;
};

/// A network to evaluate: its parameters as one array in the order of its tensors.
struct Candidate {
  network::Architecture architecture;
  study::Scaling scaling = study::Scaling::unit;
  study::Loss loss = study::Loss::cross_entropy;
  std::span<const float> parameters;
  ActivationTransform activations;
  bool wants_logits = false;
};

struct Evaluation {
  double loss = 0.0;
  double accuracy = 0.0;
  std::vector<int> predictions;  ///< predicted class of each image, in the order evaluated
  std::vector<float> logits;     ///< [images][classes] if the candidate requests logits; else empty
  ActivationRanges ranges;       ///< if the candidate measures ranges; else empty
};

inline constexpr std::uint64_t kUnlimitedMemory = std::numeric_limits<std::uint64_t>::max();

/// Memory that one run takes in training, in bytes.
struct TrainingBytes {
  std::uint64_t own = 0;     ///< weights and the optimizer's moments
  std::uint64_t shared = 0;  ///< activations, gradients and images; shared by a cohort's runs

  [[nodiscard]] std::uint64_t total() const { return own + shared; }
};

/// Evaluates integer networks on all images of one split, on one thread. Refers to the dataset.
class IntegerEvaluation {
 public:
  virtual ~IntegerEvaluation() = default;
  /// In integer arithmetic only: every backend gives the same predictions. The loss uses the logits
  /// converted to real numbers. `logits` and `ranges` stay empty.
  [[nodiscard]] virtual Evaluation evaluate(const compress::IntegerNetwork& network,
                                            study::Loss loss) = 0;
};

class Backend {
 public:
  virtual ~Backend() = default;
  [[nodiscard]] virtual BackendInfo info() const = 0;

  /// Up to which size a cohort trains well here with this optimizer. Sets no number of jobs.
  [[nodiscard]] virtual study::CohortLimits limits(const study::Optimizer& optimizer) const = 0;

  /// The memory of one run, by arithmetic alone. May count only a part if that exceeds `limit`.
  /// Throws as network::graph_of does.
  [[nodiscard]] virtual TrainingBytes training_bytes(
      const network::Architecture& architecture, const Problem& problem,
      const study::TrainSettings& train, std::uint64_t limit = kUnlimitedMemory) const = 0;

  /// Prepares a dataset for the calls below; done once per dataset.
  [[nodiscard]] virtual std::shared_ptr<const PreparedDataset> prepare(
      std::shared_ptr<const data::Dataset> dataset) const {
    return std::make_shared<const PreparedDataset>(std::move(dataset));
  }

  /// Trains the runs in lockstep on the calling thread. They share dataset, replicate, seed, batch
  /// size and scaling. A run that diverges ends; the others continue. After a stop request, returns
  /// within a few steps and does not call `on_end` for unfinished runs. Throws
  /// std::invalid_argument for runs that cannot share a cohort, and for conditions that do not fit
  /// them (engine/checks.h).
  virtual void train(const PreparedDataset& dataset, std::span<const study::Run> cohort,
                     const TrainOptions& options, TrainObserver& observer,
                     std::stop_token stop) const = 0;

  /// Loss, accuracy and predictions of networks on one split, all on the calling thread. The result
  /// of a candidate has the same bits whatever is evaluated with it. `images`: indices into the
  /// split, in any order; empty: all images in order. Throws std::invalid_argument for candidates
  /// and images that do not fit (engine/checks.h).
  [[nodiscard]] virtual std::vector<Evaluation> evaluate(
      const PreparedDataset& dataset, SplitName split, std::span<const Candidate> candidates,
      std::span<const std::uint32_t> images = {}) const = 0;

  /// For integer networks. Unless a backend overrides it, computes image by image, as the exported
  /// C program does.
  [[nodiscard]] virtual std::unique_ptr<IntegerEvaluation> integers(const PreparedDataset& dataset,
                                                                    SplitName split) const;
};

[[nodiscard]] std::unique_ptr<Backend> make_cpu_backend();

}  // namespace minima::engine
