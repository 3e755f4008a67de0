// Activation functions and the properties that other modules derive from them. The engine, the
// counting of dead units, integer networks and exports use this table.
#pragma once

#include <string_view>

#include "core/enum_words.h"

namespace minima::network {

enum class Activation { none, relu, gelu };

constexpr auto words_of(Activation /*any*/) {
  return std::to_array<EnumWord<Activation>>({
      {Activation::none, "none"},
      {Activation::relu, "relu"},
      {Activation::gelu, "gelu"},
  });
}

struct ActivationTraits {
  Activation activation;
  /// Zero for every negative input: a unit that no image drives above zero has no gradient and does
  /// not change. Such units are counted as dead during training.
  bool can_die = false;
  /// Equivalent to clamping the codes of an integer network at zero.
  bool is_clamp_at_zero = false;
};

[[nodiscard]] const ActivationTraits& traits(Activation activation);

/// The exact value, in double precision. GELU is x Phi(x) with the error function (Hendrycks and
/// Gimpel 2016), as PyTorch's nn.GELU().
[[nodiscard]] double value_at(Activation activation, double x);

}  // namespace minima::network
