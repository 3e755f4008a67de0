// Recomputes a variant of a store. A store keeps the weights of trained runs, but not of variants.
// The weights, the protocols and the dataset determine a variant bit for bit.
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
#include "study/file/study_file.h"

namespace minima::run {

/// Identifies a variant of a run; the fields are as in record/variant.h.
struct VariantKey {
  std::string pruning;  ///< text of the protocol; empty: not pruned
  double sparsity_asked = 0.0;
  std::string quantization;  ///< text of the protocol; empty: 32-bit floats
  study::ValueFormat format;
};

/// A network ready for export.
struct RemadeVariant {
  std::unique_ptr<TrainedRun> origin;
  CompressedNetwork network;  ///< derived from `origin`
  EvaluatedVariant evaluated;
};

/// Returns the run of a row with its stored weights. Input errors: no weights were kept; the study
/// (the store's text with the --set values of that time) does not yield the run's id.
[[nodiscard]] TrainedRun stored_run(const store::Reader& store, const study::Study& study,
                                    const record::RunRow& row);

/// Applies the protocols of `key` to a run, including any training, and evaluates the result on the
/// test images of its dataset. Without protocols, evaluates the trained network itself. Input
/// errors: a protocol that the study lacks; a sparsity that the protocol does not make. Throws an
/// interruption if a stop was requested.
[[nodiscard]] RemadeVariant remake(TrainedRun run, const study::Study& study, const VariantKey& key,
                                   const engine::PreparedDataset& dataset,
                                   const engine::Backend& backend, std::stop_token stop = {});

/// Why a variant cannot be made without the images of its dataset, as the end of a sentence: "its
/// activations are calibrated on training images". Empty: it can be made without. Input error: a
/// protocol that the study lacks.
[[nodiscard]] std::string needs_images(const study::Study& study, const VariantKey& key);

/// Makes a variant that needs no images, without evaluating it: its accuracies and losses are NaN.
[[nodiscard]] RemadeVariant remake_without_images(TrainedRun run, const study::Study& study,
                                                  const VariantKey& key,
                                                  const engine::PreparedDataset& without_images,
                                                  const engine::Backend& backend);

/// Outputs of a network for the images of a split.
struct NetworkOutputs {
  std::vector<int> predictions;  ///< predicted class of each image
  /// [images][classes] of an integer network; otherwise empty.
  std::vector<std::int32_t> logits;
  std::vector<float> real_logits;  ///< [images][classes] of any other network; otherwise empty
};

/// Input error: rounded activations without integer arithmetic, which are only evaluated in a batch
/// of networks.
[[nodiscard]] NetworkOutputs outputs_of(const RemadeVariant& made,
                                        const engine::PreparedDataset& dataset,
                                        engine::SplitName split, const engine::Backend& backend);

}  // namespace minima::run
