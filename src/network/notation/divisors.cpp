#include "network/notation/divisors.h"

#include <fmt/format.h>

namespace minima::network {

std::string nearest_divisors(int number, int near, const std::string& letters) {
  int below = near < number ? near : number;
  while (number % below != 0) --below;
  int above = near;
  while (above < number && number % above != 0) ++above;
  if (above > number || above == below) return fmt::format("{}{}", letters, below);
  return fmt::format("{}{} or {}{}", letters, below, letters, above);
}

}  // namespace minima::network
