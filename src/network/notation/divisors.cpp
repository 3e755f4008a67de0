#include "network/notation/divisors.h"

#include <fmt/format.h>

#include <algorithm>

namespace minima::network {

std::string nearest_divisors(int number, int near, const std::string& letters) {
  if (number < 1) return letters + "1";  // every number divides 0, but no size is negative
  near = std::max(near, 1);
  int below = std::min(near, number);
  while (number % below != 0) --below;
  int above = near;
  while (above < number && number % above != 0) ++above;
  if (above > number || above == below) return fmt::format("{}{}", letters, below);
  return fmt::format("{}{} or {}{}", letters, below, letters, above);
}

}  // namespace minima::network
