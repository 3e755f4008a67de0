// What a study finds out about its trained networks after pruning and quantization.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "store/predictions.h"

namespace minima::store {

/// Weights of a tensor before and after pruning.
struct VariantTensor {
  std::string name;  ///< "fc1.weight"
  std::int64_t weights = 0;
  std::int64_t kept = 0;
};

/// Bytes of a network in several ways to store it; docs/pruning.md defines them.
struct VariantBytes {
  /// Nothing where a format has no zero for what is pruned.
  std::optional<std::int64_t> dense;
  std::int64_t index = 0;    ///< kept weights and their places
  std::int64_t bitmask = 0;  ///< kept weights and a bit per weight
  std::int64_t entropy = 0;  ///< no code of single weights is shorter
  std::int64_t packed = 0;   ///< each tensor in the smallest way
};

/// A trained run after pruning and/or quantization.
struct Variant {
  std::string pruning;          ///< the protocol in one line; empty: not pruned
  double sparsity_asked = 0.0;  ///< of weights, or of units
  std::string quantization;     ///< the protocol in one line; empty: 32-bit floats
  std::string format;           ///< of the weights: "int4"; "fp32" where they are not quantized
  std::string activations;      ///< their format, "fp32" where they are not quantized
  std::string tensor;           ///< the only one that is pruned or quantized; empty: all are
  std::string arithmetic;       ///< "float", "integer", "simulated"
  std::string note;             ///< why it is not "integer", or has no figures; mostly empty

  std::string architecture;     ///< of the network that is left; the run's where none was removed
  std::int64_t parameters = 0;  ///< of that network, pruned ones included
  std::int64_t weights = 0;     ///< of linear maps and convolutions, of the run's network
  std::int64_t kept = 0;        ///< of those
  int bits = 32;                ///< stored per weight
  int epochs = 0;               ///< trained after the run's own, in all
  std::int64_t dead_units = 0;  ///< hidden units that pruning left without input or output
  double test_loss = 0.0;
  double test_accuracy = 0.0;
  /// NaN without a validation split.
  double validation_accuracy = std::numeric_limits<double>::quiet_NaN();
  VariantBytes bytes;
  std::vector<VariantTensor> tensors;  ///< of pruned networks that are not quantized
  /// What `Writer::record` takes; `Reader::variants` leaves it empty, `Reader::outcomes` reads it.
  VariantOutcomes outcomes = {};

  [[nodiscard]] double sparsity() const {
    return weights == 0 ? 0.0 : 1.0 - static_cast<double>(kept) / static_cast<double>(weights);
  }
};

/// A piece of compression that is recorded as a whole: some protocols carried out on one run.
struct CompressionTask {
  std::string run_id;
  std::string task;  ///< canonical: protocols, sparsities and formats
  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14.
  auto operator<=>(const CompressionTask&) const = default;
};

/// A variant and the run it was made of.
struct VariantRow {
  std::string run_id;
  Variant variant;
};

}  // namespace minima::store
