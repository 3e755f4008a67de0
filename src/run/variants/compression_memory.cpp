#include "run/variants/compression_memory.h"

#include <algorithm>

#include "compress/integer/batched_images.h"
#include "network/families/lower.h"

namespace minima::run {
namespace {

using study::QuantizationProtocol;

constexpr std::uint64_t kNetworkBytes = 5;  // per parameter: a float and its mask
constexpr std::uint64_t kOriginBytes = 4;   // per parameter of a trained run
constexpr std::uint64_t kEvaluatedBytes =
    8;                                 // per parameter: quantized value and its memory layout
constexpr int kEvaluationBatch = 320;  // most images evaluated at a time

// Numbers of networks that an item makes, trains at a time, and evaluates.
struct NetworkCounts {
  std::uint64_t made = 0;
  std::uint64_t trained = 0;
  std::uint64_t evaluated = 0;
};

NetworkCounts counts_of(const CompressionItem& item, const Problem& problem) {
  const auto times = static_cast<std::uint64_t>(item.times(problem));
  NetworkCounts counts{.made = 1, .evaluated = static_cast<std::uint64_t>(item.variants()) * times};
  if (item.pruning) {
    counts.made = item.pruning->steps().size() * times;
    counts.trained = item.pruning->is_iterative() ? 1 : counts.made;
  } else if (item.quantizations.front().method != QuantizationProtocol::Method::ptq) {
    counts.made = item.quantizations.front().formats.size();
    counts.trained = counts.made;
  }
  if (!item.trains()) counts.trained = 0;
  return counts;
}

// Whether a network may be evaluated in integers, which needs the images in another layout.
bool may_use_integers(const CompressionItem& item) {
  for (const QuantizationProtocol& protocol : item.quantizations) {
    for (const study::NumberFormat format : protocol.formats) {
      if (protocol.activations_beside(format)) return true;
    }
  }
  return false;
}

}  // namespace

std::uint64_t compression_bytes(const engine::Backend& backend,
                                std::span<const CompressionItem> cohort, const Problem& problem,
                                std::int64_t images) {
  std::uint64_t own = 0;
  std::uint64_t shared = 0;
  std::uint64_t evaluated_floats = 0;
  std::uint64_t transposed = 0;
  const auto per_network = static_cast<std::uint64_t>(images);  // one outcome per image
  for (const CompressionItem& item : cohort) {
    const study::Run& run = item.run;
    const NetworkCounts counts = counts_of(item, problem);
    const auto parameters =
        static_cast<std::uint64_t>(network::graph_of(run.architecture, problem).parameters());
    const auto training = backend.training_bytes(run.architecture, problem, run.train);
    study::TrainSettings evaluation = run.train;
    evaluation.batch = kEvaluationBatch;
    const auto evaluating = backend.training_bytes(run.architecture, problem, evaluation);
    own += parameters * (kOriginBytes + kNetworkBytes * counts.made) +
           counts.trained * (training.own + kOriginBytes * parameters) +
           counts.evaluated * per_network;
    shared = std::max({shared, evaluating.shared, counts.trained > 0 ? training.shared : 0});
    if (may_use_integers(item)) {
      transposed = compress::BatchedImages::bytes(per_network, problem.image);
    }
    evaluated_floats += counts.evaluated * (parameters + per_network);
  }
  const std::uint64_t chunk = std::min<std::uint64_t>(evaluated_floats, kChunkFloats);
  return own + shared + transposed + kEvaluatedBytes * chunk;
}

}  // namespace minima::run
