// Changes the unit counts of an architecture, as structured pruning does.
#pragma once

#include <span>

#include "network/derive/units.h"
#include "network/notation/architecture.h"

namespace minima::network {

/// `groups`: unit_groups of the architecture's graph; `counts`: the new number of units of each.
/// Throws std::invalid_argument if the notation cannot express the result (see unit_counts).
[[nodiscard]] Architecture resized(const Architecture& architecture,
                                   std::span<const UnitGroup> groups, std::span<const int> counts);

}  // namespace minima::network
