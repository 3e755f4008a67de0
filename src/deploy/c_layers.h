// The functions of an integer network's layers, in C.
#pragma once

#include <string>

#include "compress/integer/integer_network.h"
#include "deploy/c_text.h"
#include "deploy/packed_weights.h"

namespace minima::deploy {

/// What the layers' functions call; a function that nothing calls is a warning, and warnings are
/// errors.
struct CHelpers {
  bool take = false;      ///< reads bits
  bool rescale = false;   ///< requantizes logits
  bool activate = false;  ///< requantizes to a code
};

class CLayers {
 public:
  /// `prefix`: of the names of arrays and functions.
  CLayers(const compress::IntegerNetwork& network, std::string prefix);

  /// Adds `static void PREFIX_LAYER(const IN *in, OUT *out)`; returns its name. `input_type`: of
  /// the codes that it reads.
  std::string add(const compress::IntegerLayer& layer, const std::string& input_type);

  /// The type of codes between layers: uint8_t, or uint16_t for 16 bits.
  [[nodiscard]] const std::string& code_type() const { return code_type_; }
  [[nodiscard]] const CArrays& arrays() const { return arrays_; }
  [[nodiscard]] const std::string& functions() const { return functions_; }
  /// What the functions call.
  [[nodiscard]] std::string helpers() const;

 private:
  struct Use;  // a product layer while its function is written

  std::string dense(const compress::IntegerLayer& layer, const Use& use);
  std::string convolution(const compress::IntegerLayer& layer, const Use& use);
  std::string pooling(const compress::IntegerLayer& layer);
  Use use_of(const compress::IntegerLayer& layer);
  void add_packed(const PackedWeights& packed, const std::string& name);
  std::string code_at(const compress::IntegerLayer& layer);
  /// A C expression for the output of accumulator `sum` of channel `o`.
  std::string output_of(const compress::IntegerLayer& layer);

  const compress::IntegerNetwork& network_;
  std::string code_type_;
  CArrays arrays_;
  std::string prefix_;
  std::string functions_;
  CHelpers used_;
};

}  // namespace minima::deploy
