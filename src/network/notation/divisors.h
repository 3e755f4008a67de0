// For messages about numbers that do not divide.
#pragma once

#include <string>

namespace minima::network {

/// The divisors of `number` next to `near` on both sides, each behind `letters`: "h4 or h8".
[[nodiscard]] std::string nearest_divisors(int number, int near, const std::string& letters);

}  // namespace minima::network
