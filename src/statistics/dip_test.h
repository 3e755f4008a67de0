// Does a sample come from a distribution with more than one mode?
#pragma once

#include <span>

#include "core/random.h"

namespace minima {

/// The dip of Hartigan and Hartigan (1985): the largest distance between the empirical distribution
/// function and the nearest one with a single mode. `sorted`: ascending, at least one value.
[[nodiscard]] double dip_of(std::span<const double> sorted);

/// P-value of the hypothesis that the values have one mode: how often uniform samples of the same
/// size have so large a dip, the least favourable such distribution. From `draws` samples; of more
/// than 400 values samples of 400 are drawn, because the dip times the root of the size hardly
/// depends on the size then. `values`: any order, at least one.
[[nodiscard]] double dip_test(std::span<const double> values, int draws, RandomStream stream);

}  // namespace minima
