#include "network/activation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace minima::network {
namespace {

constexpr std::array<ActivationTraits, kEnumerators<Activation>> kTraits{{
    {.activation = Activation::none},
    {.activation = Activation::relu, .can_die = true, .is_clamp_at_zero = true},
    {.activation = Activation::gelu},
}};

}  // namespace

const ActivationTraits& traits(Activation activation) {
  return *std::ranges::find(kTraits, activation, &ActivationTraits::activation);
}

double value_at(Activation activation, double x) {
  switch (activation) {
    case Activation::none:
      return x;
    case Activation::relu:
      return std::max(x, 0.0);
    case Activation::gelu:
      return 0.5 * x * std::erfc(-x * std::numbers::sqrt2 / 2.0);
  }
  throw std::invalid_argument("an activation that does not exist");
}

}  // namespace minima::network
