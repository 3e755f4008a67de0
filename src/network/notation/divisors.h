// For error messages about numbers that do not divide.
#pragma once

#include <string>

namespace minima::network {

/// The nearest divisors of `number` below and above `near`, each prefixed by `letters`: "h4 or h8".
/// Numbers below 1, which no size has, count as 1.
[[nodiscard]] std::string nearest_divisors(int number, int near, const std::string& letters);

}  // namespace minima::network
