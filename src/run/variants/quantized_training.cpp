#include "run/variants/quantized_training.h"

#include "engine/initial_weights.h"
#include "network/families/lower.h"

namespace minima::run {
namespace {

using Method = study::QuantizationProtocol::Method;

}  // namespace

std::vector<CompressedNetwork> quantization_aware_networks(
    const study::QuantizationProtocol& protocol, std::span<const TrainedRun> runs,
    const Retraining& retraining) {
  const bool from_scratch = protocol.method == Method::scratch;
  const study::TrainSettings& train = runs.front().run.train;
  RetrainingPlan plan{.last_epoch = train.epochs};
  if (!from_scratch) {
    plan = {.first_epoch = train.epochs,
            .last_epoch = train.epochs + protocol.epochs,
            .learning_rate = protocol.learning_rate.value_or(train.learning_rate)};
  }
  const Problem problem = retraining.dataset().problem();
  std::vector<CompressedNetwork> networks;
  RetrainingTransforms transforms;
  for (const study::NumberFormat format : protocol.formats) {
    for (const TrainedRun& run : runs) {
      networks.push_back({.origin = &run,
                          .trained_format = format,
                          .architecture = run.run.architecture,
                          .parameters = from_scratch ? engine::initial_parameters(run.run, problem)
                                                     : run.parameters});
      transforms.weights.push_back({protocol.quantizer(format), protocol.keep});
      engine::ActivationTransform& activations = transforms.activations.emplace_back();
      const auto beside = protocol.activations_beside(format);
      if (beside && network::graph_of(run.run.architecture, problem).is_chain()) {
        activations = engine::RoundToMovingRanges{*beside};
      }
    }
  }
  std::vector<CompressedNetwork*> all;
  for (CompressedNetwork& network : networks) all.push_back(&network);
  if (!retraining.train(all, plan, transforms)) return {};
  return networks;
}

}  // namespace minima::run
