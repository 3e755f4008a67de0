#include "engine/plain/plain_backend.h"

#include <algorithm>
#include <numeric>

#include "engine/checks.h"
#include "engine/plain/evaluation.h"
#include "engine/plain/training.h"
#include "network/families/lower.h"

namespace minima::engine {
namespace {

class PlainBackend final : public Backend {
 public:
  [[nodiscard]] BackendInfo info() const override {
    return {.name = "plain", .instruction_set = "none", .matrix_products = "loops"};
  }

  [[nodiscard]] study::CohortLimits limits(const study::Optimizer& /*optimizer*/) const override {
    return {.max_runs = 1};
  }

  // The values and gradients of all operations for each image of a batch.
  [[nodiscard]] TrainingBytes training_bytes(const network::Architecture& architecture,
                                             const Problem& problem,
                                             const study::TrainSettings& train,
                                             std::uint64_t /*limit*/) const override {
    const network::Graph graph = network::graph_of(architecture, problem);
    constexpr double kCopies = 4.0;  // parameters, gradient and two moments, or as many of values
    double values = problem.image.pixels();
    for (const network::Op& op : graph.ops) values += static_cast<double>(op.outputs());
    const auto parameters = static_cast<double>(graph.parameters());
    const auto bytes_of = [](double doubles) {
      return static_cast<std::uint64_t>(kCopies * sizeof(double) * std::min(doubles, 1e17));
    };
    return {.own = bytes_of(parameters), .shared = bytes_of(values * train.batch)};
  }

  void train(const PreparedDataset& dataset, std::span<const study::Run> cohort,
             const TrainOptions& options, TrainObserver& observer,
             std::stop_token stop) const override {
    check_cohort(cohort, dataset.problem(), options);
    for (std::size_t i = 0; i < cohort.size(); ++i) {
      plain::train_run(dataset, cohort, i, options, observer, stop);
    }
  }

  [[nodiscard]] std::vector<Evaluation> evaluate(
      const PreparedDataset& dataset, SplitName split, std::span<const Candidate> candidates,
      std::span<const std::uint32_t> images) const override {
    check_evaluation(dataset.split(split), candidates, images);
    std::vector<std::uint32_t> all(images.begin(), images.end());
    if (all.empty()) {
      all.resize(dataset.split(split).count());
      std::iota(all.begin(), all.end(), 0U);
    }
    std::vector<Evaluation> results;
    for (const Candidate& candidate : candidates) {
      results.push_back(evaluated(dataset, split, candidate, all));
    }
    return results;
  }

 private:
  static Evaluation evaluated(const PreparedDataset& dataset, SplitName split,
                              const Candidate& candidate, std::span<const std::uint32_t> images) {
    const plain::PlainNetwork network(network::graph_of(candidate.architecture, dataset.problem()));
    network::check_sizes(network.graph(), candidate.parameters.size(), {});
    const plain::Vector parameters(candidate.parameters.begin(), candidate.parameters.end());
    plain::Activations activations(candidate.activations);
    auto figures = plain::figures_of({.network = network,
                                      .parameters = parameters,
                                      .activations = activations,
                                      .scaling = candidate.scaling,
                                      .loss = candidate.loss},
                                     dataset, split, images, {});
    if (!candidate.wants_logits) figures->evaluation.logits.clear();
    return std::move(figures->evaluation);
  }
};

}  // namespace

std::unique_ptr<Backend> make_plain_backend() {
  return std::make_unique<PlainBackend>();
}

}  // namespace minima::engine
