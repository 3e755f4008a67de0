// An architecture with other numbers of units, as structured pruning leaves it.
#pragma once

#include <span>

#include "network/derive/units.h"
#include "network/notation/architecture.h"

namespace minima::network {

/// `groups`: unit_groups of the architecture's graph; `counts`: the new number of units of each.
/// Throws std::invalid_argument where the notation cannot express them (see unit_counts).
[[nodiscard]] Architecture resized(const Architecture& architecture,
                                   std::span<const UnitGroup> groups, std::span<const int> counts);

}  // namespace minima::network
