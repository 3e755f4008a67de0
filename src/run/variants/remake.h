// A variant of a store made again. A store keeps the weights of trained runs, not of variants:
// those follow from the weights, the protocols and the dataset, bit for bit.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/backend.h"
#include "run/variants/compressed_network.h"
#include "run/variants/variant_evaluation.h"
#include "store/store.h"
#include "study/study_file.h"

namespace minima::run {

/// Which variant of a run, in the words of store/variant.h.
struct VariantKey {
  std::string pruning;  ///< the protocol's text; empty: not pruned
  double sparsity_asked = 0.0;
  std::string quantization;  ///< the protocol's text; empty: 32-bit floats
  std::string format = "fp32";
};

/// A network ready to be exported.
struct RemadeVariant {
  std::unique_ptr<TrainedRun> origin;
  CompressedNetwork network;  ///< of `origin`
  EvaluatedVariant evaluated;
};

/// The run of a row with its stored weights. Input errors: the study (the store's own text, and
/// what --set said when the store was written) does not give the run's id; no weights were kept.
[[nodiscard]] TrainedRun stored_run(const store::Reader& store, const study::Study& study,
                                    const store::RunRow& row);

/// Carries out the protocols of `key` on a run, training included where they train, and evaluates
/// the result on the test images of its dataset. Empty protocols: the trained network itself.
/// Input errors: a protocol that the study does not have, a sparsity that it does not make. An
/// interruption where a stop was asked for.
[[nodiscard]] RemadeVariant remake(TrainedRun run, const study::Study& study, const VariantKey& key,
                                   const data::Dataset& dataset, const engine::Backend& backend,
                                   std::stop_token stop = {});

/// What a network says of the images of a split.
struct NetworkOutputs {
  std::vector<int> predictions;  ///< class of each image
  /// [images][classes] of a network that computes in integers; else empty.
  std::vector<std::int32_t> logits;
  std::vector<float> real_logits;  ///< the same of all others
};

/// Input error: activations that are rounded, but not in integers, which are evaluated together
/// with others only.
[[nodiscard]] NetworkOutputs outputs_of(const RemadeVariant& made, const data::Dataset& dataset,
                                        const data::Split& split, const engine::Backend& backend);

}  // namespace minima::run
