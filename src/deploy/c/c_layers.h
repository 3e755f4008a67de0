// Generates the C functions of an integer network's layers.
#pragma once

#include <string>

#include "compress/integer/integer_network.h"
#include "deploy/c/c_text.h"
#include "deploy/c/packed_weights.h"

namespace minima::deploy {

/// The helper functions that the layers call. Unused functions cause compiler warnings, which are
/// errors, so only the helpers in use are written.
struct CHelpers {
  bool take = false;      ///< reads bits
  bool rescale = false;   ///< requantizes logits
  bool activate = false;  ///< requantizes to a code
};

class CLayers {
 public:
  /// `prefix`: prefix of the names of arrays and functions.
  CLayers(const compress::IntegerNetwork& network, std::string prefix);

  /// Adds `static void PREFIX_LAYER(const IN *in, OUT *out)` and returns its name. `input_type`:
  /// type of the input codes.
  std::string add(const compress::IntegerLayer& layer, const std::string& input_type);

  /// The type of codes between layers: uint8_t, or uint16_t for 16 bits.
  [[nodiscard]] const std::string& code_type() const { return code_type_; }
  [[nodiscard]] const CArrays& arrays() const { return arrays_; }
  [[nodiscard]] const std::string& functions() const { return functions_; }
  /// The macros that put constants into flash and read them there; before the arrays.
  [[nodiscard]] static std::string flash();
  /// The source of the helper functions in use.
  [[nodiscard]] std::string helpers() const;

 private:
  struct Use;  // state of a product layer while its function is written

  std::string dense(const compress::IntegerLayer& layer, const Use& use);
  std::string convolution(const compress::IntegerLayer& layer, const Use& use);
  std::string pooling(const compress::IntegerLayer& layer);
  Use use_of(const compress::IntegerLayer& layer);
  void add_packed(const PackedWeights& packed, const std::string& name);
  std::string code_at(const compress::IntegerLayer& layer);
  /// A C expression for the output of accumulator `sum` of output channel `o`.
  std::string output_of(const compress::IntegerLayer& layer);

  const compress::IntegerNetwork& network_;
  std::string code_type_;
  CArrays arrays_;
  std::string prefix_;
  std::string functions_;
  CHelpers used_;
};

}  // namespace minima::deploy
