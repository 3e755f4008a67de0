// A range of real numbers, to validate input and to name in messages.
#pragma once

#include <string>

namespace minima {

/// A closed interval; `open_min` and `open_max` exclude its ends.
struct NumberRange {
  double min;
  double max;
  bool open_min = false;
  bool open_max = false;

  [[nodiscard]] bool contains(double number) const;
  /// "from 0 to below 1", for messages.
  [[nodiscard]] std::string text() const;
};

}  // namespace minima
