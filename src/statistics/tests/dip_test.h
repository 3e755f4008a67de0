// Hartigan's dip test: does a sample come from a distribution with more than one mode?
#pragma once

#include <span>

#include "core/numbers/random.h"

namespace minima {

/// The dip of Hartigan and Hartigan (1985): the largest distance between the empirical distribution
/// function and the nearest unimodal one. `sorted`: ascending, at least one value.
[[nodiscard]] double dip_of(std::span<const double> sorted);

/// P-value of the hypothesis that the distribution is unimodal: how often uniform samples of the
/// same size, the least favourable case, have a dip at least as large. Uses `draws` samples. For
/// more than 400 values, samples of 400 are drawn, because the dip times the square root of the
/// size then hardly depends on the size. `values`: any order, at least one.
[[nodiscard]] double dip_test(std::span<const double> values, int draws, RandomStream stream);

}  // namespace minima
