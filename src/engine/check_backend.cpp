#include "engine/check_backend.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <stdexcept>

#include "core/error.h"
#include "network/families/lower.h"
#include "record/run_result.h"

namespace minima::engine {
namespace {

constexpr std::int64_t kCheckedSteps = 20;
constexpr std::size_t kCheckedImages = 200;
constexpr double kExploding = 1e3;  // a loss this many times the first one: the run diverges

/// A dataset as each of the two backends prepared it.
class CheckedDataset final : public PreparedDataset {
 public:
  CheckedDataset(const std::shared_ptr<const data::Dataset>& dataset, const Backend& first,
                 const Backend& second)
      : PreparedDataset(dataset),
        first_(first.prepare(dataset)),
        second_(second.prepare(dataset)) {}

  [[nodiscard]] const PreparedDataset& first() const { return *first_; }
  [[nodiscard]] const PreparedDataset& second() const { return *second_; }

 private:
  std::shared_ptr<const PreparedDataset> first_;
  std::shared_ptr<const PreparedDataset> second_;
};

const CheckedDataset& checked(const PreparedDataset& dataset) {
  const auto* result = dynamic_cast<const CheckedDataset*>(&dataset);
  if (result == nullptr) throw std::invalid_argument("a dataset that another backend prepared");
  return *result;
}

/// The losses of each run's steps, and its weights at the end.
class Recorder final : public TrainObserver {
 public:
  explicit Recorder(std::size_t runs) : losses(runs), weights(runs) {}

  void on_step(std::size_t run, std::int64_t /*step*/, double loss) override {
    losses[run].push_back(loss);
  }
  void on_end(std::size_t run, record::RunResult&& result, const ReadWeights& read) override {
    if (result.status == record::RunStatus::finished) weights[run] = read();
    ++ended;
  }

  std::vector<std::vector<double>> losses;
  std::vector<std::vector<float>> weights;  ///< empty if the run diverged
  std::size_t ended = 0;
};

// Tensors that have no effect on the outputs: the softmax of attention cancels the biases of keys.
std::set<std::size_t> without_effect(const network::Graph& graph) {
  std::set<std::size_t> tensors;
  for (const network::Op& op : graph.ops) {
    if (!std::holds_alternative<network::Attention>(op.what)) continue;
    const network::Op& keys = graph.ops[static_cast<std::size_t>(op.inputs[1])];
    tensors.insert(graph.tensor_of(keys, network::Role::bias));
  }
  return tensors;
}

double root_mean_square(std::span<const float> values) {
  double sum = 0.0;
  for (const float value : values) sum += static_cast<double>(value) * value;
  return std::sqrt(sum / static_cast<double>(std::max<std::size_t>(values.size(), 1)));
}

/// Compares the results of one network.
class Comparison {
 public:
  Comparison(std::string backends, const network::Architecture& architecture,
             const Problem& problem, const Tolerance& tolerance, bool is_quantized)
      : backends_(std::move(backends)),
        architecture_(architecture),
        problem_(problem),
        tolerance_(tolerance),
        factor_(is_quantized ? tolerance.quantized : 1.0) {}

  void compare_loss(const std::string& what, double a, double b) const {
    if (std::abs(a - b) <= factor_ * tolerance_.loss * (1.0 + std::abs(b))) return;
    differ(what, a, b);
  }

  void compare_steps(const std::vector<double>& a, const std::vector<double>& b) const {
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
      const bool explodes = !(std::max(a[i], b[i]) < kExploding * (1.0 + b.front()));
      if (explodes || !std::isfinite(a[i])) return;
      compare_loss(fmt::format("loss of step {}", i + 1), a[i], b[i]);
    }
  }

  void compare_weights(std::span<const float> a, std::span<const float> b) const {
    const network::Graph graph = network::graph_of(architecture_, problem_);
    const std::set<std::size_t> skipped = without_effect(graph);
    for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
      if (skipped.contains(i)) continue;
      const auto first = graph.tensors[i].of(a);
      const auto second = graph.tensors[i].of(b);
      std::vector<float> difference(first.begin(), first.end());
      for (std::size_t k = 0; k < difference.size(); ++k) difference[k] -= second[k];
      const double limit = factor_ * tolerance_.weights * (0.1 + root_mean_square(second));
      const double found = root_mean_square(difference);
      if (found > limit) {
        differ("root mean square of the differences of " + graph.tensors[i].spec.name, found, 0.0);
      }
    }
  }

  void compare(const Evaluation& a, const Evaluation& b) const {
    if (!std::isfinite(a.loss) && !std::isfinite(b.loss)) return;
    compare_loss("loss of the evaluation", a.loss, b.loss);
    const std::size_t images = a.predictions.size();
    std::size_t differing = 0;
    for (std::size_t i = 0; i < images; ++i)
      differing += a.predictions[i] == b.predictions[i] ? 0 : 1;
    const double most = 1.0 + factor_ * tolerance_.predictions * static_cast<double>(images);
    if (static_cast<double>(differing) > most) {
      differ("number of different predictions", static_cast<double>(differing), 0.0);
    }
    for (const auto& [place, range] : a.ranges) {
      const std::string what = fmt::format("of the range in layer {}", place.layer + 1);
      compare_loss("low end " + what, range.low, b.ranges.at(place).low);
      compare_loss("high end " + what, range.high, b.ranges.at(place).high);
    }
  }

 private:
  [[noreturn]] void differ(const std::string& what, double a, double b) const {
    throw work_error({"backends " + backends_, architecture_.text()},
                     fmt::format("{}: {:.9g} and {:.9g}", what, a, b),
                     "one of the backends is wrong: please report it");
  }

  std::string backends_;
  const network::Architecture& architecture_;
  const Problem& problem_;
  Tolerance tolerance_;
  double factor_;
};

/// Integers have no rounding differences: predictions must be equal.
class CheckedIntegers final : public IntegerEvaluation {
 public:
  CheckedIntegers(std::unique_ptr<IntegerEvaluation> first,
                  std::unique_ptr<IntegerEvaluation> second, std::string backends)
      : first_(std::move(first)), second_(std::move(second)), backends_(std::move(backends)) {}

  [[nodiscard]] Evaluation evaluate(const compress::IntegerNetwork& network,
                                    study::Loss loss) override {
    Evaluation first = first_->evaluate(network, loss);
    const Evaluation second = second_->evaluate(network, loss);
    if (first.predictions != second.predictions || !is_near(first.loss, second.loss)) {
      throw work_error(
          {"backends " + backends_, "an integer network"},
          fmt::format("losses {:.17g} and {:.17g}, or predictions differ", first.loss, second.loss),
          "one of the backends is wrong: please report it");
    }
    return first;
  }

 private:
  // Sums in another order differ in their last bits.
  static bool is_near(double a, double b) {
    constexpr double kRelative = 1e-12;
    return std::abs(a - b) <= kRelative * std::abs(b);
  }

  std::unique_ptr<IntegerEvaluation> first_;
  std::unique_ptr<IntegerEvaluation> second_;
  std::string backends_;
};

class CheckBackend final : public Backend {
 public:
  CheckBackend(std::unique_ptr<const Backend> first, std::unique_ptr<const Backend> second,
               const Tolerance& tolerance)
      : first_(std::move(first)), second_(std::move(second)), tolerance_(tolerance) {}

  [[nodiscard]] BackendInfo info() const override {
    BackendInfo info = first_->info();
    info.name = "check";
    return info;
  }

  [[nodiscard]] study::CohortLimits limits(const study::Optimizer& optimizer) const override {
    study::CohortLimits limits = first_->limits(optimizer);
    const study::CohortLimits second = second_->limits(optimizer);
    limits.max_runs = std::min(limits.max_runs, second.max_runs);
    limits.max_parameters = std::min(limits.max_parameters, second.max_parameters);
    return limits;
  }

  [[nodiscard]] TrainingBytes training_bytes(const network::Architecture& architecture,
                                             const Problem& problem,
                                             const study::TrainSettings& train,
                                             std::uint64_t limit) const override {
    const TrainingBytes a = first_->training_bytes(architecture, problem, train, limit);
    const TrainingBytes b = second_->training_bytes(architecture, problem, train, limit);
    return {.own = std::max(a.own, b.own), .shared = std::max(a.shared, b.shared)};
  }

  [[nodiscard]] std::shared_ptr<const PreparedDataset> prepare(
      std::shared_ptr<const data::Dataset> dataset) const override {
    return std::make_shared<const CheckedDataset>(dataset, *first_, *second_);
  }

  void train(const PreparedDataset& dataset, std::span<const study::Run> cohort,
             const TrainOptions& options, TrainObserver& observer,
             std::stop_token stop) const override {
    const CheckedDataset& both = checked(dataset);
    if (compare_training(both, cohort, options, stop)) {
      first_->train(both.first(), cohort, options, observer, stop);
    }
  }

  [[nodiscard]] std::vector<Evaluation> evaluate(
      const PreparedDataset& dataset, SplitName split, std::span<const Candidate> candidates,
      std::span<const std::uint32_t> images) const override {
    const CheckedDataset& both = checked(dataset);
    std::vector<Evaluation> first = first_->evaluate(both.first(), split, candidates, images);
    const auto second = second_->evaluate(both.second(), split, candidates, images);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      comparison(candidates[i].architecture, dataset.problem(),
                 transforms(candidates[i].activations))
          .compare(first[i], second[i]);
    }
    return first;
  }

  [[nodiscard]] std::unique_ptr<IntegerEvaluation> integers(const PreparedDataset& dataset,
                                                            SplitName split) const override {
    const CheckedDataset& both = checked(dataset);
    return std::make_unique<CheckedIntegers>(first_->integers(both.first(), split),
                                             second_->integers(both.second(), split), names());
  }

 private:
  [[nodiscard]] std::string names() const {
    return first_->info().name + " and " + second_->info().name;
  }

  // The problem and the architecture must outlive the result.
  [[nodiscard]] Comparison comparison(const network::Architecture& architecture,
                                      const Problem& problem, bool is_quantized) const {
    return {names(), architecture, problem, tolerance_, is_quantized};
  }

  // False if a stop was requested.
  [[nodiscard]] bool compare_training(const CheckedDataset& dataset,
                                      std::span<const study::Run> cohort,
                                      const TrainOptions& options,
                                      const std::stop_token& stop) const {
    TrainOptions begin = options;
    begin.evaluate = false;
    begin.report_steps = true;
    begin.max_steps = std::min(options.max_steps.value_or(kCheckedSteps), kCheckedSteps);
    Recorder first(cohort.size());
    Recorder second(cohort.size());
    first_->train(dataset.first(), cohort, begin, first, stop);
    second_->train(dataset.second(), cohort, begin, second, stop);
    if (first.ended < cohort.size() || second.ended < cohort.size()) return false;
    const Problem problem = dataset.problem();
    for (std::size_t r = 0; r < cohort.size(); ++r) {
      const bool is_quantized =
          !options.conditions.empty() &&
          (options.conditions[r].weights || transforms(options.conditions[r].activations));
      const Comparison comparing = comparison(cohort[r].architecture, problem, is_quantized);
      comparing.compare_steps(first.losses[r], second.losses[r]);
      if (first.weights[r].empty() || second.weights[r].empty()) continue;
      comparing.compare_weights(first.weights[r], second.weights[r]);
      compare_evaluation(dataset, cohort[r], first.weights[r]);
    }
    return true;
  }

  void compare_evaluation(const CheckedDataset& dataset, const study::Run& run,
                          std::span<const float> weights) const {
    std::vector<std::uint32_t> images(std::min(dataset.data().test.count(), kCheckedImages));
    if (images.empty()) return;
    std::iota(images.begin(), images.end(), 0U);
    const Candidate candidate{.architecture = run.architecture,
                              .scaling = run.train.scaling,
                              .loss = run.train.loss,
                              .parameters = weights};
    static_cast<void>(evaluate(dataset, SplitName::test, {&candidate, 1}, images));
  }

  std::unique_ptr<const Backend> first_;
  std::unique_ptr<const Backend> second_;
  Tolerance tolerance_;
};

}  // namespace

std::unique_ptr<Backend> make_check_backend(std::unique_ptr<const Backend> first,
                                            std::unique_ptr<const Backend> second,
                                            const Tolerance& tolerance) {
  return std::make_unique<CheckBackend>(std::move(first), std::move(second), tolerance);
}

}  // namespace minima::engine
