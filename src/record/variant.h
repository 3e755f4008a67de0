// Results for trained networks after pruning and quantization.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/enum_words.h"
#include "record/predictions.h"
#include "study/settings/number_format.h"

namespace minima::record {

/// Number of weights of a tensor before and after pruning.
struct VariantTensor {
  std::string name;  ///< "fc1.weight"
  std::int64_t weights = 0;
  std::int64_t kept = 0;
};

/// Size of a network in bytes under several encodings, defined in docs/pruning.md.
struct VariantBytes {
  /// Nullopt if the format cannot represent zero, which pruned weights need.
  std::optional<std::int64_t> dense;
  std::int64_t index = 0;    ///< kept weights and their indices
  std::int64_t bitmask = 0;  ///< kept weights and a bit per weight
  std::int64_t entropy = 0;  ///< lower bound for any code of single weights
  std::int64_t packed = 0;   ///< each tensor in its smallest encoding
};

/// How a network was evaluated.
enum class Arithmetic {
  floating,   ///< in floating point; its weights may be quantized
  integer,    ///< in integers only, as the exported C program
  simulated,  ///< in floating point, with activations rounded to their format
};
constexpr auto words_of(Arithmetic /*any*/) {
  return std::to_array<EnumWord<Arithmetic>>({
      {Arithmetic::floating, "float"},
      {Arithmetic::integer, "integer"},
      {Arithmetic::simulated, "simulated"},
  });
}

/// A trained run after pruning and/or quantization.
struct Variant {
  std::string pruning;          ///< the protocol in one line; empty: not pruned
  double sparsity_asked = 0.0;  ///< target, fraction of weights or of units
  std::string quantization;     ///< the protocol in one line; empty: 32-bit floats
  study::ValueFormat format;    ///< of the weights
  study::ValueFormat activations;
  std::string tensor;  ///< the only tensor pruned or quantized; empty: all
  Arithmetic arithmetic = Arithmetic::floating;
  std::string note;  ///< why it is not "integer" or lacks results; usually empty

  std::string architecture;  ///< of the remaining network; that of the run if no units were removed
  std::int64_t parameters = 0;  ///< of the remaining network, including pruned ones
  std::int64_t weights = 0;     ///< of linear maps and convolutions in the run's network
  std::int64_t kept = 0;        ///< number of `weights` kept
  int bits = 32;                ///< stored per weight
  int epochs = 0;               ///< total epochs trained after those of the run
  std::int64_t dead_units = 0;  ///< hidden units left without inputs or outputs by pruning
  double test_loss = 0.0;
  double test_accuracy = 0.0;
  /// NaN without a validation split.
  double validation_accuracy = std::numeric_limits<double>::quiet_NaN();
  VariantBytes bytes;
  std::vector<VariantTensor> tensors;  ///< for pruned networks that are not quantized
  /// Input of `Writer::record`. `Reader::variants` leaves this empty; `Reader::outcomes` reads it.
  VariantOutcomes outcomes = {};

  [[nodiscard]] double sparsity() const {
    return weights == 0 ? 0.0 : 1.0 - static_cast<double>(kept) / static_cast<double>(weights);
  }
};

/// Compression results that are recorded as a unit: some protocols applied to one run.
struct CompressionTask {
  std::string run_id;
  std::string task;  ///< canonical: protocols, sparsities and formats
  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14.
  auto operator<=>(const CompressionTask&) const = default;
};

/// A variant and the run it was made from.
struct VariantRow {
  std::string run_id;
  Variant variant;
};

}  // namespace minima::record
