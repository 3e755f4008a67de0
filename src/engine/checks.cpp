#include "engine/checks.h"

#include <algorithm>
#include <stdexcept>

#include "network/families/lower.h"

namespace minima::engine {
namespace {

void check_conditions(const study::Run& run, const Problem& problem,
                      const RunConditions& conditions) {
  if (!transforms(conditions.activations)) return;
  if (std::holds_alternative<MeasureRanges>(conditions.activations)) {
    throw std::invalid_argument("ranges of activations measured in training");
  }
  if (!network::graph_of(run.architecture, problem).is_chain()) {
    throw std::invalid_argument("a vision transformer trained with transformed activations");
  }
}

}  // namespace

void check_cohort(std::span<const study::Run> runs, const Problem& problem,
                  const TrainOptions& options) {
  if (runs.empty()) throw std::invalid_argument("a cohort without runs");
  if (!options.conditions.empty() && options.conditions.size() != runs.size()) {
    throw std::invalid_argument("conditions for some runs of a cohort only");
  }
  if (options.first_epoch < 0) throw std::invalid_argument("a negative number of epochs done");
  const study::Run& first = runs.front();
  for (const study::Run& run : runs) {
    const bool shares = run.dataset == first.dataset && run.replicate == first.replicate &&
                        run.seed == first.seed && run.train.batch == first.train.batch &&
                        run.train.scaling == first.train.scaling;
    if (!shares) throw std::invalid_argument("runs that do not share their batches in one cohort");
    if (options.first_epoch >= run.train.epochs) {
      throw std::invalid_argument("no epoch left to be trained");
    }
  }
  for (std::size_t r = 0; r < options.conditions.size(); ++r) {
    check_conditions(runs[r], problem, options.conditions[r]);
  }
}

void check_evaluation(const data::Split& split, std::span<const Candidate> candidates,
                      std::span<const std::uint32_t> images) {
  if (!std::ranges::all_of(images, [&](std::uint32_t i) { return i < split.count(); })) {
    throw std::invalid_argument("an image that the split does not have");
  }
  for (const Candidate& candidate : candidates) {
    if (std::holds_alternative<RoundToMovingRanges>(candidate.activations)) {
      throw std::invalid_argument("ranges of activations that move in an evaluation");
    }
  }
}

}  // namespace minima::engine
