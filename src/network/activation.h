// Activation functions: what each is and what may be concluded from its name. The tables of the
// engine, of dead units, of integer networks and of exports look here.
#pragma once

#include <string_view>

namespace minima::network {

enum class Activation { none, relu, gelu };

struct ActivationTraits {
  std::string_view name;  ///< as in the notation
  /// Zero for every input below zero: a unit that no image drives above zero has no gradient and
  /// stays as it is. Such units are counted as dead while training.
  bool can_die = false;
  /// Clamping the codes of an integer network below zero is this activation.
  bool is_clamp_at_zero = false;
};

[[nodiscard]] const ActivationTraits& traits(Activation activation);

/// The exact value, in double precision. GELU is x Phi(x) with the error function (Hendrycks and
/// Gimpel 2016), as PyTorch's nn.GELU().
[[nodiscard]] double value_at(Activation activation, double x);

}  // namespace minima::network
