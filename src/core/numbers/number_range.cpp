#include "core/numbers/number_range.h"

#include <fmt/format.h>

#include "core/text.h"

namespace minima {

bool NumberRange::contains(double number) const {
  const bool above = open_min ? number > min : number >= min;
  const bool below = open_max ? number < max : number <= max;
  return above && below;
}

std::string NumberRange::text() const {
  return fmt::format("{} {} {} {}", open_min ? "above" : "from", shortest(min),
                     open_max ? "to below" : "to", shortest(max));
}

}  // namespace minima
