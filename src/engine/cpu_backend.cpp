#include <algorithm>
#include <map>
#include <stdexcept>

#include "engine/backend.h"
#include "engine/cohort.h"
#include "engine/evaluation.h"
#include "engine/parameter_layout.h"
#include "kernels/denormals.h"
#include "kernels/elementwise.h"
#include "kernels/gemm.h"

namespace minima::engine {
namespace {

// Images at a time when no training prescribes a batch.
constexpr std::size_t kEvaluationBatch = 128;

AlignedBuffer<float> padded(const Network& network, std::span<const float> parameters) {
  AlignedBuffer<float> result(network.parameter_floats());
  spread_out(network, parameters, result.span());
  return result;
}

struct PreparedCandidate {
  const Network* network;
  AlignedBuffer<float> parameters;
  Evaluator evaluator;
};

class CpuBackend final : public Backend {
 public:
  [[nodiscard]] BackendInfo info() const override {
    return {.name = "cpu",
            .instruction_set = kernels::instruction_set(),
            .matrix_products = kernels::gemm_library()};
  }

  void train(const data::Dataset& dataset, std::span<const study::Run> cohort,
             const TrainOptions& options, TrainObserver& observer,
             std::stop_token stop) const override {
    train_cohort(dataset, cohort, options, observer, stop);
  }

  [[nodiscard]] std::vector<Evaluation> evaluate(
      const data::Dataset& dataset, const data::Split& split, std::span<const Candidate> candidates,
      std::span<const std::uint32_t> images) const override;
};

std::vector<Evaluation> CpuBackend::evaluate(const data::Dataset& dataset, const data::Split& split,
                                             std::span<const Candidate> candidates,
                                             std::span<const std::uint32_t> images) const {
  const kernels::FlushDenormals flush;
  const std::vector<std::uint32_t> all = all_indices(images.empty() ? split.count() : 0);
  if (images.empty()) images = all;
  if (!std::ranges::all_of(images, [&](std::uint32_t i) { return i < split.count(); })) {
    throw std::invalid_argument("an image that the split does not have");
  }
  const BatchShape shape = batch_shape(kEvaluationBatch);
  std::map<std::pair<std::string, bool>, Network> networks;
  std::vector<PreparedCandidate> prepared;
  std::size_t workspace_floats = 0;
  for (const Candidate& candidate : candidates) {
    const bool transforms = candidate.activations != nullptr;
    const auto [at, added] =
        networks.try_emplace({candidate.architecture.text(), transforms}, candidate.architecture,
                             dataset.problem(), shape, NetworkOptions{transforms});
    const Network& network = at->second;
    workspace_floats = std::max(workspace_floats, network.workspace_floats());
    prepared.push_back(
        {&network, padded(network, candidate.parameters), Evaluator(network, candidate.loss)});
  }
  AlignedBuffer<float> workspace(workspace_floats);
  for (const study::Scaling scaling : {study::Scaling::unit, study::Scaling::standardised}) {
    const bool wanted = std::ranges::any_of(
        candidates, [scaling](const Candidate& c) { return c.scaling == scaling; });
    if (!wanted) continue;
    Batch batch(dataset.shape, shape, pixel_scaling(scaling, dataset));
    for_each_batch(split, images, shape.images, batch, [&](const Batch& loaded) {
      for (std::size_t i = 0; i < prepared.size(); ++i) {
        if (candidates[i].scaling != scaling) continue;
        prepared[i].evaluator.add(prepared[i].parameters.data(), loaded, workspace.data(),
                                  candidates[i].activations);
      }
    });
  }
  std::vector<Evaluation> results;
  for (const PreparedCandidate& candidate : prepared) {
    results.push_back({.loss = candidate.evaluator.loss(),
                       .accuracy = candidate.evaluator.accuracy(),
                       .predictions = candidate.evaluator.predictions()});
  }
  return results;
}

}  // namespace

std::unique_ptr<Backend> make_cpu_backend() {
  return std::make_unique<CpuBackend>();
}

}  // namespace minima::engine
