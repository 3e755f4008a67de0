// The order in which network choices are tested. It depends on what a study planned, never on its
// results: an order chosen by results would not control the error rate.
//
// A sequence contains the architectures of one pattern with the same compression, from the most
// parameters to the fewest. A pattern is an architecture without its widths: `dnn 8-16` and
// `dnn 32-32` share one. Sequences with the mildest compression come first: 8-bit integers without
// pruning, because they rarely fail and run anywhere. The others follow, from the most planned bits
// per weight to the fewest. Within one compression the pattern with the largest network is first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "study/settings/number_format.h"

namespace minima::analysis {

/// A planned choice: one architecture with one compression.
struct PlannedChoice {
  std::string architecture;
  std::int64_t parameters = 0;  ///< of the trained network
  std::string pruning;          ///< protocol; empty: none
  double sparsity_asked = 0.0;
  std::string quantization;  ///< protocol; empty: none
  study::ValueFormat format;
  int bits = 32;
  bool in_integers = false;  ///< uses integer arithmetic only
};

/// An architecture with all widths set to 1: "dnn 1-1", "cnn 1-1 max2". A text that is not an
/// architecture is its own pattern.
[[nodiscard]] std::string pattern_of(const std::string& architecture);

/// Indices into `choices`, one list per sequence in the order of its tests.
[[nodiscard]] std::vector<std::vector<std::size_t>> test_order(
    std::span<const PlannedChoice> choices);

}  // namespace minima::analysis
