// Figures on validation and test images, and sizes, of pruned and quantized networks.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "compress/integer/integer_network.h"
#include "engine/backend.h"
#include "record/variant.h"
#include "run/variants/compressed_network.h"
#include "study/settings/compression_settings.h"

namespace minima::run {

/// A network and the format to convert it to before evaluation.
struct VariantRequest {
  const CompressedNetwork* network = nullptr;
  std::string pruning;  ///< text of the pruning protocol; empty: not pruned
  const study::QuantizationProtocol* quantization = nullptr;  ///< null: 32-bit floats
  study::NumberFormat format = study::NumberFormat::int8;
  std::string tensor;  ///< the only quantized tensor; empty: all tensors that the protocol names
};

/// A variant with its contents.
struct EvaluatedVariant {
  record::Variant variant;
  /// All parameters after quantization, as used by a network of real numbers.
  std::vector<float> values;
  /// The integer network, if the variant computes in integers only.
  std::optional<compress::IntegerNetwork> integer;
};

/// Evaluates integer networks on both splits.
struct IntegerEvaluations {
  std::unique_ptr<engine::IntegerEvaluation> validation;
  std::unique_ptr<engine::IntegerEvaluation> test;
};

/// The same without an evaluation: its accuracies and losses are NaN, and it has no integer
/// network.
[[nodiscard]] EvaluatedVariant unevaluated(const VariantRequest& request, const Problem& problem);

class VariantEvaluation {
 public:
  VariantEvaluation(const engine::Backend& backend, const engine::PreparedDataset& dataset)
      : backend_(backend),
        dataset_(dataset),
        integers_{.validation = backend.integers(dataset, engine::SplitName::validation),
                  .test = backend.integers(dataset, engine::SplitName::test)} {}

  /// Returns one variant per request, in the same order. Requests share batches where possible.
  /// Networks with integer weights and activations are evaluated in integers where possible
  /// (compress/integer/build_integer_network.h). Where that fails and a study could have expected
  /// it, the note gives the reason. The figures of a diverged network are NaN.
  [[nodiscard]] std::vector<record::Variant> evaluate(std::span<const VariantRequest> requests);

  /// Evaluates one request.
  [[nodiscard]] EvaluatedVariant evaluate_one(const VariantRequest& request);

 private:
  const engine::Backend& backend_;
  const engine::PreparedDataset& dataset_;
  IntegerEvaluations integers_;
};

}  // namespace minima::run
