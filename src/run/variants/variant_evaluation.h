// Figures on validation and test images, and sizes, of networks after pruning and quantization.
#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "compress/integer/integer_network.h"
#include "engine/backend.h"
#include "run/variants/compressed_network.h"
#include "store/variant.h"
#include "study/compression_settings.h"

namespace minima::run {

/// A network, and the format that it is brought into before it is evaluated.
struct VariantRequest {
  const CompressedNetwork* network = nullptr;
  std::string pruning;  ///< the protocol that led to it; empty: none
  const study::QuantizationProtocol* quantization = nullptr;  ///< null: 32-bit floats
  study::NumberFormat format = study::NumberFormat::int8;
  std::string tensor;  ///< the only one that is quantized; empty: all that the protocol names
};

/// A variant with what it consists of.
struct EvaluatedVariant {
  store::Variant variant;
  /// Of all parameters, after quantization: what a network of real numbers computes with.
  std::vector<float> values;
  /// Where it computes in integers alone: that network.
  std::optional<compress::IntegerNetwork> integer;
};

class VariantEvaluation {
 public:
  VariantEvaluation(const engine::Backend& backend, const data::Dataset& dataset)
      : backend_(backend), dataset_(dataset) {}

  /// One variant for each request, in their order. All that can share batches does. Networks with
  /// integer weights and activations are evaluated in integers where they can be (compress/
  /// build_integer_network.h); where they cannot, and a study could have expected it, the note says
  /// why. A network that diverged has NaN for figures.
  [[nodiscard]] std::vector<store::Variant> evaluate(
      std::span<const VariantRequest> requests) const;

  /// The same of one.
  [[nodiscard]] EvaluatedVariant evaluate_one(const VariantRequest& request) const;

 private:
  const engine::Backend& backend_;
  const data::Dataset& dataset_;
};

}  // namespace minima::run
