#include "run/variants/quantized_training.h"

#include <memory>

#include "compress/quantize/parameter_quantizer.h"
#include "compress/quantize/quantizer.h"
#include "engine/network/initial_weights.h"
#include "network/families/lower.h"
#include "run/variants/activations.h"

namespace minima::run {
namespace {

using Method = study::QuantizationProtocol::Method;

// Quantizes and dequantizes weights.
class QuantizedWeights final : public engine::WeightTransform {
 public:
  QuantizedWeights(const compress::QuantizerSettings& settings,
                   const std::vector<std::string>& keep)
      : settings_(settings), keep_(keep) {}

  void apply(const network::Tensor& tensor, std::span<const float> weights,
             std::span<float> values) const override {
    if (!compress::is_quantized(tensor) || network::is_named(tensor.spec.name, keep_)) {
      std::ranges::copy(weights, values.begin());
      return;
    }
    compress::fake_quantize({.values = weights, .channels = tensor.rows(), .mask = {}}, settings_,
                            values);
  }

 private:
  compress::QuantizerSettings settings_;
  const std::vector<std::string>& keep_;
};

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
  std::vector<std::unique_ptr<QuantizedWeights>> weights;
  std::vector<std::unique_ptr<ActivationAveraging>> activations;
  RetrainingTransforms transforms;
  for (const study::NumberFormat format : protocol.formats) {
    weights.push_back(
        std::make_unique<QuantizedWeights>(protocol.quantizer(format), protocol.keep));
    for (const TrainedRun& run : runs) {
      networks.push_back({.origin = &run,
                          .trained_format = format,
                          .architecture = run.run.architecture,
                          .parameters = from_scratch ? engine::initial_parameters(run.run, problem)
                                                     : run.parameters});
      transforms.weights.push_back(weights.back().get());
      const auto beside = protocol.activations_beside(format);
      const bool rounds = beside && network::graph_of(run.run.architecture, problem).is_chain();
      if (rounds) activations.push_back(std::make_unique<ActivationAveraging>(*beside));
      transforms.activations.push_back(rounds ? activations.back().get() : nullptr);
    }
  }
  std::vector<CompressedNetwork*> all;
  for (CompressedNetwork& network : networks) all.push_back(&network);
  if (!retraining.train(all, plan, transforms)) return {};
  return networks;
}

}  // namespace minima::run
