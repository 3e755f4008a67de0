#include "run/variants/remake.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "compress/integer/integer_batch.h"
#include "compress/integer/integer_inference.h"
#include "core/error.h"
#include "core/text.h"
#include "run/variants/pruning.h"
#include "run/variants/quantized_training.h"

namespace minima::run {
namespace {

using study::PruningProtocol;
using study::QuantizationProtocol;

template <typename Protocol>
Protocol protocol_of(const std::vector<Protocol>& protocols, const std::string& text,
                     const study::Study& study) {
  const auto found = std::ranges::find_if(
      protocols, [&text](const Protocol& each) { return each.text() == text; });
  if (found != protocols.end()) return *found;
  throw input_error({study.file, ""}, fmt::format("has no protocol \"{}\"", printable(text)),
                    "give the --set options that the store was written with");
}

Error stopped() {
  return {Error::Kind::interrupted, "interrupted: nothing was written"};
}

class Remaking {
 public:
  Remaking(const study::Study& study, const VariantKey& key, const engine::PreparedDataset& dataset,
           const engine::Backend& backend, std::stop_token stop)
      : study_(study), key_(key), retraining_(backend, dataset, std::move(stop)) {
    if (!key.quantization.empty()) {
      quantization_ = protocol_of(study.quantization.protocols, key.quantization, study);
      if (!key.format.quantized) {
        throw input_error({study.file, ""}, fmt::format("\"{}\" quantizes to no 32-bit format",
                                                        printable(key.quantization)));
      }
      quantization_->formats = {*key.format.quantized};
    }
  }

  [[nodiscard]] CompressedNetwork network(const TrainedRun& run) const {
    if (!key_.pruning.empty()) return pruned(run);
    if (quantization_ && quantization_->method != QuantizationProtocol::Method::ptq) {
      auto networks = quantization_aware_networks(*quantization_, {&run, 1}, retraining_);
      if (networks.empty()) throw stopped();
      return std::move(networks.front());
    }
    return {.origin = &run, .architecture = run.run.architecture, .parameters = run.parameters};
  }

  [[nodiscard]] VariantRequest request(const CompressedNetwork& network) const {
    VariantRequest request{.network = &network, .pruning = key_.pruning};
    if (quantization_) {
      request.quantization = &*quantization_;
      request.format = quantization_->formats.front();
    }
    return request;
  }

 private:
  [[nodiscard]] CompressedNetwork pruned(const TrainedRun& run) const {
    PruningProtocol protocol = protocol_of(study_.pruning.protocols, key_.pruning, study_);
    // One-shot pruning treats each sparsity independently. The recorded variant has the bits of a
    // network pruned alone.
    if (!protocol.is_iterative()) protocol.sparsity = {key_.sparsity_asked};
    auto networks = pruned_networks(protocol, {&run, 1}, retraining_);
    if (networks.empty()) throw stopped();
    const auto found =
        std::ranges::find(networks, key_.sparsity_asked, &CompressedNetwork::sparsity_asked);
    if (found != networks.end()) return std::move(*found);
    throw input_error({study_.file, ""}, fmt::format("\"{}\" does not prune to {}", key_.pruning,
                                                     shortest(key_.sparsity_asked)));
  }

  const study::Study& study_;
  const VariantKey& key_;
  Retraining retraining_;
  std::optional<QuantizationProtocol> quantization_;
};

Error other_settings(const store::Reader& store, const study::Study& study,
                     const std::string& run_id) {
  return input_error({study.file, "run " + run_id},
                     fmt::format("it was trained with \"{}\", but --set gives \"{}\"",
                                 printable(store.study().train), study.training_text()),
                     "leave out the --set options of [train] and the seed");
}

}  // namespace

TrainedRun stored_run(const store::Reader& store, const study::Study& study,
                      const record::RunRow& row) {
  TrainedRun trained{
      .run = study::make_run(row.dataset, network::Architecture::parse(row.architecture),
                             row.replicate, study.seed, study.train),
      .parameters = {}};
  if (trained.run.id != row.id) {
    throw other_settings(store, study, row.id);
  }
  const std::vector<record::DatasetRecord> datasets = store.datasets();
  const auto dataset = std::ranges::find(datasets, row.dataset, &record::DatasetRecord::name);
  if (dataset == datasets.end()) {
    throw input_error({row.id, ""}, "its dataset is not in the store");
  }
  trained.parameters = stored_parameters(store, trained.run, dataset->problem);
  if (trained.parameters.empty()) {
    throw input_error({row.id, ""}, "the store did not keep the weights of this run",
                      "a study with `weights = \"all\"` keeps those of every run");
  }
  return trained;
}

RemadeVariant remake(TrainedRun run, const study::Study& study, const VariantKey& key,
                     const engine::PreparedDataset& dataset, const engine::Backend& backend,
                     std::stop_token stop) {
  RemadeVariant made{.origin = std::make_unique<TrainedRun>(std::move(run))};
  const Remaking remaking(study, key, dataset, backend, std::move(stop));
  made.network = remaking.network(*made.origin);
  made.evaluated = VariantEvaluation(backend, dataset).evaluate_one(remaking.request(made.network));
  return made;
}

std::string needs_images(const study::Study& study, const VariantKey& key) {
  if (study.train.scaling == study::Scaling::standardised) {
    return "pixels are standardised by the mean of the training images";
  }
  if (!key.pruning.empty()) {
    const auto protocol = protocol_of(study.pruning.protocols, key.pruning, study);
    if (protocol.epochs > 0 || protocol.rewind) return "it is trained further after pruning";
  }
  if (key.quantization.empty()) return "";
  const auto protocol = protocol_of(study.quantization.protocols, key.quantization, study);
  if (protocol.method != QuantizationProtocol::Method::ptq) return "it is trained quantized";
  const bool has_activations =
      key.format.quantized && protocol.activations_beside(*key.format.quantized).has_value();
  return has_activations ? "its activations are calibrated on training images" : "";
}

RemadeVariant remake_without_images(TrainedRun run, const study::Study& study,
                                    const VariantKey& key,
                                    const engine::PreparedDataset& without_images,
                                    const engine::Backend& backend) {
  RemadeVariant made{.origin = std::make_unique<TrainedRun>(std::move(run))};
  const Remaking remaking(study, key, without_images, backend, {});
  made.network = remaking.network(*made.origin);
  made.evaluated = unevaluated(remaking.request(made.network), without_images.problem());
  return made;
}

NetworkOutputs outputs_of(const RemadeVariant& made, const engine::PreparedDataset& dataset,
                          engine::SplitName split, const engine::Backend& backend) {
  const EvaluatedVariant& evaluated = made.evaluated;
  if (evaluated.integer) {
    NetworkOutputs outputs;
    outputs.logits =
        compress::IntegerBatchNetwork(*evaluated.integer).logits(dataset.split(split).images);
    const auto classes = static_cast<std::size_t>(dataset.problem().classes);
    for (std::size_t i = 0; i < outputs.logits.size(); i += classes) {
      outputs.predictions.push_back(
          compress::predicted_class(std::span(outputs.logits).subspan(i, classes)));
    }
    return outputs;
  }
  if (evaluated.variant.activations.quantized) {
    throw input_error(
        {evaluated.variant.activations.text(), ""},
        "predictions are not available for activations that are rounded without integers");
  }
  const study::TrainSettings& train = made.origin->run.train;
  const engine::Candidate candidate{.architecture = made.network.architecture,
                                    .scaling = train.scaling,
                                    .loss = train.loss,
                                    .parameters = evaluated.values,
                                    .wants_logits = true};
  auto results = backend.evaluate(dataset, split, {&candidate, 1});
  return {.predictions = std::move(results.front().predictions),
          .logits = {},
          .real_logits = std::move(results.front().logits)};
}

}  // namespace minima::run
