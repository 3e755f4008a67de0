#include "run/variants/variant_evaluation.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "compress/integer/build_integer_network.h"
#include "compress/prune/pruning_mask.h"
#include "compress/quantize/network_size.h"
#include "compress/quantize/parameter_quantizer.h"
#include "network/families/lower.h"
#include "run/variants/compression_memory.h"

namespace minima::run {
namespace {

using compress::QuantizedParameters;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// A request with everything needed to evaluate it.
struct Prepared {
  const VariantRequest* request = nullptr;
  network::Graph graph;
  std::optional<QuantizedParameters> quantized;
  std::optional<study::NumberFormat> activations;
  engine::ActivationRanges ranges;
  std::optional<compress::IntegerNetwork> integer;  // only if the caller wants the integer network
  record::Variant variant;

  [[nodiscard]] std::span<const float> parameters() const {
    return quantized ? std::span<const float>(quantized->values)
                     : std::span<const float>(request->network->parameters);
  }
  [[nodiscard]] bool failed() const { return !request->network->failure.empty(); }
  [[nodiscard]] bool is_whole() const {
    return request->tensor.empty() && request->quantization->keep.empty();
  }
};

engine::Candidate candidate_of(const Prepared& prepared, engine::ActivationTransform activations) {
  const study::Run& run = prepared.request->network->origin->run;
  return {.architecture = prepared.request->network->architecture,
          .scaling = run.train.scaling,
          .loss = run.train.loss,
          .parameters = prepared.parameters(),
          .activations = std::move(activations)};
}

QuantizedParameters quantized(const VariantRequest& request, const network::Graph& graph) {
  const auto chosen = [&](const network::Tensor& tensor) {
    if (!request.tensor.empty()) return tensor.spec.name == request.tensor;
    return !network::is_named(tensor.spec.name, request.quantization->keep);
  };
  return compress::quantize_parameters(graph, request.network->parameters, request.network->mask,
                                       request.quantization->quantizer(request.format), chosen);
}

record::VariantBytes bytes_of(const Prepared& prepared) {
  const compress::NetworkSize size =
      compress::network_size(prepared.graph, prepared.request->network->mask,
                             prepared.quantized ? &*prepared.quantized : nullptr);
  return {.dense = size.dense,
          .index = size.sparse_index,
          .bitmask = size.bitmask,
          .entropy = size.entropy,
          .packed = size.packed};
}

void describe_weights(const Prepared& prepared, const Problem& problem, record::Variant& variant) {
  const CompressedNetwork& network = *prepared.request->network;
  const auto before = compress::sparsity_achieved(
      network::graph_of(network.origin->run.architecture, problem), {}, {});
  const auto after = compress::sparsity_achieved(prepared.graph, network.mask, {});
  variant.weights = before.total.weights;
  variant.kept = after.total.kept;
  variant.parameters = static_cast<std::int64_t>(network.parameters.size());
  if (prepared.quantized || prepared.request->pruning.empty()) return;
  for (std::size_t i = 0; i < after.tensors.size(); ++i) {
    variant.tensors.push_back(
        {before.tensors[i].tensor, before.tensors[i].weights, after.tensors[i].kept});
  }
}

record::Variant described(const Prepared& prepared, const Problem& problem) {
  const VariantRequest& request = *prepared.request;
  const CompressedNetwork& network = *request.network;
  record::Variant variant{.pruning = request.pruning,
                          .sparsity_asked = network.sparsity_asked,
                          .tensor = network.tensor,
                          .note = network.failure,
                          .architecture = network.architecture.text(),
                          .epochs = network.epochs,
                          .dead_units = network.dead_units,
                          .test_loss = kNone,
                          .test_accuracy = kNone};
  if (request.quantization != nullptr) {
    variant.quantization = request.quantization->text();
    variant.format = request.format;
    variant.bits = study::info(request.format).bits;
    if (!request.tensor.empty()) variant.tensor = request.tensor;
    if (prepared.activations) {
      variant.activations = *prepared.activations;
      variant.arithmetic = record::Arithmetic::simulated;
    }
  }
  describe_weights(prepared, problem, variant);
  variant.bytes = bytes_of(prepared);
  return variant;
}

Prepared prepared(const VariantRequest& request, const Problem& problem) {
  Prepared result{.request = &request,
                  .graph = network::graph_of(request.network->architecture, problem)};
  if (request.quantization != nullptr) {
    result.quantized = quantized(request, result.graph);
    result.activations = request.quantization->activations_beside(request.format);
  }
  result.variant = described(result, problem);
  return result;
}

std::vector<std::uint8_t> right_images(std::span<const int> predictions, const data::Split& split) {
  std::vector<std::uint8_t> right(predictions.size());
  for (std::size_t i = 0; i < right.size(); ++i) {
    right[i] = static_cast<std::uint8_t>(predictions[i] == split.labels[i] ? 1 : 0);
  }
  return right;
}

bool is_integer(study::NumberFormat format) {
  return study::info(format).kind != study::FormatKind::floating;
}

/// One chunk of requests that are evaluated together.
class Chunk {
 public:
  Chunk(const engine::Backend& backend, const engine::PreparedDataset& dataset,
        IntegerEvaluations& integers, std::span<const VariantRequest> requests)
      : backend_(backend), dataset_(dataset), integers_(integers) {
    for (const VariantRequest& request : requests) {
      all_.push_back(prepared(request, dataset.problem()));
    }
  }

  [[nodiscard]] std::vector<record::Variant> evaluate() {
    carry_out();
    std::vector<record::Variant> variants;
    for (Prepared& each : all_) variants.push_back(std::move(each.variant));
    return variants;
  }

  /// For a chunk with one request.
  [[nodiscard]] EvaluatedVariant evaluate_whole() {
    keeps_integers_ = true;
    carry_out();
    Prepared& only = all_.front();
    const auto values = only.parameters();
    return {.variant = std::move(only.variant),
            .values = std::vector(values.begin(), values.end()),
            .integer = std::move(only.integer)};
  }

 private:
  void carry_out() {
    calibrate();
    for (Prepared& each : all_) {
      if (!each.failed()) evaluate_in_integers(each);
    }
    evaluate_in_floats();
  }
  void calibrate();
  void calibrate(std::span<Prepared* const> networks, int images);
  void evaluate_in_integers(Prepared& prepared);
  void evaluate_in_floats();

  const engine::Backend& backend_;
  const engine::PreparedDataset& dataset_;
  IntegerEvaluations& integers_;
  std::vector<Prepared> all_;
  bool keeps_integers_ = false;
};

// Networks calibrated with the same images are calibrated together.
void Chunk::calibrate() {
  std::map<int, std::vector<Prepared*>> by_images;
  for (Prepared& each : all_) {
    if (!each.activations || each.failed()) continue;
    by_images[each.request->quantization->calibration_images].push_back(&each);
  }
  for (const auto& [images, networks] : by_images) calibrate(networks, images);
}

// Ranges are measured on the network with rounded weights.
void Chunk::calibrate(std::span<Prepared* const> networks, int images) {
  std::vector<engine::Candidate> candidates;
  for (const Prepared* each : networks) {
    const study::NumberFormat format = *each->activations;
    const engine::MeasureRanges measure{
        each->request->quantization->clipping_of_activations(format), format};
    candidates.push_back(candidate_of(*each, measure));
  }
  std::vector<std::uint32_t> first(
      std::min(static_cast<std::size_t>(images), dataset_.data().train.count()));
  std::iota(first.begin(), first.end(), 0U);
  auto results = backend_.evaluate(dataset_, engine::SplitName::train, candidates, first);
  for (std::size_t i = 0; i < networks.size(); ++i) {
    networks[i]->ranges = std::move(results[i].ranges);
  }
}

void Chunk::evaluate_in_integers(Prepared& prepared) {
  if (!prepared.activations || !is_integer(prepared.request->format) ||
      !is_integer(*prepared.activations)) {
    return;
  }
  const CompressedNetwork& network = *prepared.request->network;
  if (!prepared.graph.is_chain()) return;
  if (!prepared.is_whole()) {
    prepared.variant.note = "some weights are real numbers";
    return;
  }
  const study::TrainSettings& train = network.origin->run.train;
  const engine::PixelScaling& scaling = dataset_.pixels(train.scaling);
  std::vector<compress::Range> ranges(prepared.graph.layers.size());
  for (const auto& [place, range] : prepared.ranges) ranges[place.layer] = range;
  compress::IntegerBuild build = compress::build_integer_network(
      {.architecture = network.architecture,
       .problem = dataset_.problem(),
       .parameters = network.parameters,
       .mask = network.mask,
       .pixel_scale = scaling.scale,
       .pixel_shift = scaling.shift},
      ranges,
      {.weights = prepared.request->quantization->quantizer(prepared.request->format),
       .activations = *prepared.activations});
  if (!build.network) {
    prepared.variant.note = build.reason;
    return;
  }
  const engine::Evaluation test = integers_.test->evaluate(*build.network, train.loss);
  prepared.variant.arithmetic = record::Arithmetic::integer;
  prepared.variant.test_loss = test.loss;
  prepared.variant.test_accuracy = test.accuracy;
  prepared.variant.outcomes.test = right_images(test.predictions, dataset_.data().test);
  if (dataset_.data().validation.count() > 0) {
    const engine::Evaluation validation =
        integers_.validation->evaluate(*build.network, train.loss);
    prepared.variant.validation_accuracy = validation.accuracy;
    prepared.variant.outcomes.validation =
        right_images(validation.predictions, dataset_.data().validation);
  }
  if (keeps_integers_) prepared.integer = std::move(build.network);
}

void Chunk::evaluate_in_floats() {
  std::vector<Prepared*> evaluated;
  std::vector<engine::Candidate> candidates;
  for (Prepared& each : all_) {
    if (each.failed() || each.variant.arithmetic == record::Arithmetic::integer) continue;
    engine::ActivationTransform activations;
    if (each.activations) activations = engine::RoundActivations{*each.activations, each.ranges};
    evaluated.push_back(&each);
    candidates.push_back(candidate_of(each, std::move(activations)));
  }
  if (candidates.empty()) return;
  const auto results = backend_.evaluate(dataset_, engine::SplitName::test, candidates);
  for (std::size_t i = 0; i < evaluated.size(); ++i) {
    evaluated[i]->variant.test_loss = results[i].loss;
    evaluated[i]->variant.test_accuracy = results[i].accuracy;
    evaluated[i]->variant.outcomes.test =
        right_images(results[i].predictions, dataset_.data().test);
  }
  if (dataset_.data().validation.count() == 0) return;
  const auto validation = backend_.evaluate(dataset_, engine::SplitName::validation, candidates);
  for (std::size_t i = 0; i < evaluated.size(); ++i) {
    evaluated[i]->variant.validation_accuracy = validation[i].accuracy;
    evaluated[i]->variant.outcomes.validation =
        right_images(validation[i].predictions, dataset_.data().validation);
  }
}

}  // namespace

std::vector<record::Variant> VariantEvaluation::evaluate(std::span<const VariantRequest> requests) {
  std::vector<record::Variant> variants;
  const std::size_t images = dataset_.data().test.count() + dataset_.data().validation.count();
  while (!requests.empty()) {
    std::size_t count = 0;
    std::size_t floats = 0;
    while (count < requests.size() && (count == 0 || floats < kChunkFloats)) {
      floats += requests[count++].network->parameters.size() +
                images;  // each network has one prediction per image
    }
    for (record::Variant& variant :
         Chunk(backend_, dataset_, integers_, requests.first(count)).evaluate()) {
      variants.push_back(std::move(variant));
    }
    requests = requests.subspan(count);
  }
  return variants;
}

EvaluatedVariant unevaluated(const VariantRequest& request, const Problem& problem) {
  Prepared only = prepared(request, problem);
  const auto values = only.parameters();
  return {.variant = std::move(only.variant), .values = std::vector(values.begin(), values.end())};
}

EvaluatedVariant VariantEvaluation::evaluate_one(const VariantRequest& request) {
  return Chunk(backend_, dataset_, integers_, {&request, 1}).evaluate_whole();
}

}  // namespace minima::run
