#include "engine/cpu/candidate_evaluation.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "engine/checks.h"
#include "engine/cpu/activation_hooks.h"
#include "engine/cpu/evaluation.h"
#include "engine/network/parameter_layout.h"
#include "kernels/vector/denormals.h"
#include "network/families/lower.h"

namespace minima::engine {
namespace {

// Images per batch. A network of dense layers may take more, as long as its inputs leave half of a
// 2 MB L2 cache for the weights that stream through it. Other networks keep more floats per image.
constexpr std::size_t kImages = 128;
constexpr std::size_t kMostImages = 320;
constexpr std::size_t kImagesStep = 64;
constexpr std::size_t kInputFloats = 256 * 1024;

// Memory for the parameters of candidates evaluated on the same batches: 64 MB.
constexpr std::size_t kBlockFloats = 16 * 1024 * 1024;

// Depends on architecture and images alone, so that a network's result has the same bits whatever
// is evaluated with it.
std::size_t images_at_a_time(const network::Architecture& architecture, const Problem& problem) {
  auto widest = static_cast<std::int64_t>(problem.image.pixels());
  const network::Graph graph = network::graph_of(architecture, problem);
  for (const network::Op& op : graph.ops) {
    if (!std::holds_alternative<network::Linear>(op.what)) return kImages;
    widest = std::max(widest, op.outputs());
  }
  const std::size_t fitting = kInputFloats / static_cast<std::size_t>(widest);
  return std::clamp(fitting / kImagesStep * kImagesStep, kImages, kMostImages);
}

/// One call of Backend::evaluate.
class CandidateEvaluation {
 public:
  CandidateEvaluation(const PreparedDataset& dataset, SplitName split,
                      std::span<const Candidate> candidates, std::span<const std::uint32_t> images)
      : dataset_(dataset),
        split_(dataset.split(split)),
        images_(images),
        results_(candidates.size()) {
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const Network& network = network_of(candidates[i]);
      groups_[{candidates[i].scaling, network.batch().images}].push_back(
          {&candidates[i], &network, &results_[i]});
    }
  }

  std::vector<Evaluation> run() && {
    workspace_ = AlignedBuffer<float>(workspace_floats_);
    for (const auto& [key, members] : groups_) run_group(key.first, members);
    return std::move(results_);
  }

 private:
  struct Member {
    const Candidate* candidate;
    const Network* network;
    Evaluation* result;
  };
  using Members = std::span<const Member>;

  const Network& network_of(const Candidate& candidate);
  [[nodiscard]] static Members first_block(Members members);
  void run_group(study::Scaling scaling, Members members);
  void run_block(Members members, Batch& batch);

  const PreparedDataset& dataset_;
  const data::Split& split_;
  std::span<const std::uint32_t> images_;
  // Key: architecture, and whether activations are transformed.
  std::map<std::pair<std::string, bool>, std::unique_ptr<const Network>> networks_;
  // Candidates that can share batches. Key: scaling and images per batch.
  std::map<std::pair<study::Scaling, std::size_t>, std::vector<Member>> groups_;
  std::size_t workspace_floats_ = 0;
  AlignedBuffer<float> workspace_;
  AlignedBuffer<float> parameters_;  // of the candidates in a block, one after another
  std::vector<Evaluation> results_;
};

const Network& CandidateEvaluation::network_of(const Candidate& candidate) {
  const bool hooks = transforms(candidate.activations);
  auto& network = networks_[{candidate.architecture.text(), hooks}];
  if (!network) {
    const Problem problem = dataset_.problem();
    const BatchShape shape = batch_shape(images_at_a_time(candidate.architecture, problem));
    network = std::make_unique<const Network>(candidate.architecture, problem, shape,
                                              NetworkOptions{hooks});
    workspace_floats_ = std::max(workspace_floats_, network->workspace_floats());
  }
  return *network;
}

// As many as fit the memory of a block, but at least one.
CandidateEvaluation::Members CandidateEvaluation::first_block(Members members) {
  std::size_t count = 0;
  std::size_t floats = 0;
  while (count < members.size()) {
    floats += members[count].network->parameter_floats();
    if (count > 0 && floats > kBlockFloats) break;
    ++count;
  }
  return members.first(count);
}

void CandidateEvaluation::run_group(study::Scaling scaling, Members members) {
  Batch batch(dataset_.problem().image, members.front().network->batch(), dataset_.pixels(scaling));
  while (!members.empty()) {
    const Members block = first_block(members);
    run_block(block, batch);
    members = members.subspan(block.size());
  }
}

void CandidateEvaluation::run_block(Members members, Batch& batch) {
  std::vector<std::size_t> places;
  std::size_t floats = 0;
  for (const Member& member : members) {
    places.push_back(floats);
    floats += member.network->parameter_floats();
  }
  if (floats > parameters_.size()) parameters_ = AlignedBuffer<float>(floats);
  std::vector<Evaluator> evaluators;
  std::vector<std::unique_ptr<ActivationHook>> hooks;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto& [candidate, network, result] = members[i];
    scatter(*network, candidate->parameters, parameters_.span().subspan(places[i]));
    evaluators.emplace_back(*network, candidate->loss, Evaluator::Units::ignored);
    evaluators.back().expect(images_.size());
    hooks.push_back(make_hook(candidate->activations));
    if (candidate->wants_logits) evaluators.back().keep_logits();
  }
  const std::size_t at_a_time = members.front().network->batch().images;
  for_each_batch(split_, images_, at_a_time, batch, [&](const Batch& loaded) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      evaluators[i].add(parameters_.data() + places[i], loaded, workspace_.data(), hooks[i].get());
    }
  });
  for (std::size_t i = 0; i < members.size(); ++i) {
    *members[i].result = {.loss = evaluators[i].loss(),
                          .accuracy = evaluators[i].accuracy(),
                          .predictions = std::move(evaluators[i]).predictions(),
                          .logits = std::move(evaluators[i]).logits()};
    const auto* recorder = dynamic_cast<const RangeRecorder*>(hooks[i].get());
    if (recorder != nullptr) members[i].result->ranges = recorder->ranges();
  }
}

}  // namespace

std::vector<Evaluation> evaluate_candidates(const PreparedDataset& dataset, SplitName split,
                                            std::span<const Candidate> candidates,
                                            std::span<const std::uint32_t> images) {
  const kernels::FlushDenormals flush;
  check_evaluation(dataset.split(split), candidates, images);
  const std::vector<std::uint32_t> all =
      all_indices(images.empty() ? dataset.split(split).count() : 0);
  return CandidateEvaluation(dataset, split, candidates, images.empty() ? all : images).run();
}

}  // namespace minima::engine
