#include "run/variants/retraining.h"

#include <algorithm>
#include <utility>

#include "engine/initial_weights.h"
#include "record/run_result.h"

namespace minima::run {
namespace {

// Keeps the final weights of a training.
class LastWeights : public engine::TrainObserver {
 public:
  explicit LastWeights(std::size_t runs) : ends(runs) {}

  void on_end(std::size_t run, record::RunResult&& result,
              const engine::ReadWeights& weights) override {
    ends[run] = {.ended = true,
                 .diverged = result.status == record::RunStatus::diverged,
                 .parameters = weights()};
    ++ended;
  }

  struct End {
    bool ended = false;
    bool diverged = false;
    std::vector<float> parameters;
  };
  std::vector<End> ends;
  std::size_t ended = 0;
};

study::Run prepared(const CompressedNetwork& network, const RetrainingPlan& plan) {
  study::Run run = network.origin->run;
  run.architecture = network.architecture;
  run.train.epochs = plan.last_epoch;
  if (plan.learning_rate) {
    run.train.learning_rate = *plan.learning_rate;
    run.train.schedule = {};
  }
  return run;
}

}  // namespace

bool Retraining::train(std::span<CompressedNetwork* const> networks, const RetrainingPlan& plan,
                       const RetrainingTransforms& transforms) const {
  std::vector<study::Run> runs;
  std::vector<engine::RunConditions> conditions;
  for (std::size_t i = 0; i < networks.size(); ++i) {
    const CompressedNetwork& network = *networks[i];
    runs.push_back(prepared(network, plan));
    engine::RunConditions& condition = conditions.emplace_back();
    condition.parameters = network.parameters;
    condition.mask = network.mask;
    if (!transforms.weights.empty()) condition.weights = transforms.weights[i];
    if (!transforms.activations.empty()) condition.activations = transforms.activations[i];
  }
  if (runs.empty()) return !stop_.stop_requested();
  LastWeights last(runs.size());
  backend_.train(dataset_, runs,
                 {.evaluate = false, .conditions = conditions, .first_epoch = plan.first_epoch},
                 last, stop_);
  if (last.ended < runs.size()) return false;
  for (std::size_t i = 0; i < networks.size(); ++i) {
    if (last.ends[i].diverged) networks[i]->failure = "diverged in training";
    networks[i]->parameters = std::move(last.ends[i].parameters);
    networks[i]->epochs += plan.last_epoch - plan.first_epoch;
  }
  return true;
}

std::vector<std::vector<float>> Retraining::early_weights(std::span<const TrainedRun* const> runs,
                                                          int epoch) const {
  std::vector<study::Run> again;
  for (const TrainedRun* run : runs) again.push_back(run->run);
  std::vector<std::vector<float>> weights;
  if (epoch == 0) {
    for (const study::Run& run : again) {
      weights.push_back(engine::initial_parameters(run, dataset_.problem()));
    }
    return weights;
  }
  const auto images = static_cast<std::int64_t>(dataset_.data().train.count());
  const std::int64_t batch = again.front().train.batch;
  LastWeights last(again.size());
  backend_.train(dataset_, again,
                 {.evaluate = false, .max_steps = epoch * ((images + batch - 1) / batch)}, last,
                 stop_);
  if (last.ended < again.size()) return {};
  for (LastWeights::End& end : last.ends) weights.push_back(std::move(end.parameters));
  return weights;
}

}  // namespace minima::run
