// The order in which choices of networks are tested: it follows from what a study asked for, never
// from what came out. Tests in an order that results had decided would not control errors.
//
// A sequence holds the architectures of one pattern with the same compression, from the most
// parameters down. A pattern is an architecture without its widths: `dnn 8-16` and `dnn 32-32`
// share one. Of the sequences, those with the mildest compression come first: 8-bit integers
// without pruning, since they fail rarely and run anywhere; then the others, from the most bits per
// weight that the study asked to keep down to the fewest. Within one compression the pattern with
// the largest network is first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace minima::analysis {

/// What a study asked for: one architecture with one compression.
struct PlannedChoice {
  std::string architecture;
  std::int64_t parameters = 0;  ///< of the trained network
  std::string pruning;          ///< protocol; empty: none
  double sparsity_asked = 0.0;
  std::string quantization;  ///< protocol; empty: none
  std::string format = "fp32";
  int bits = 32;
  bool in_integers = false;  ///< computes in integers alone
};

/// An architecture without its widths: "dnn 1-1", "cnn 1-1 max2": with widths of 1. A text that is
/// no architecture is its own pattern.
[[nodiscard]] std::string pattern_of(const std::string& architecture);

/// Indices into `choices`, those of each sequence in the order of its tests.
[[nodiscard]] std::vector<std::vector<std::size_t>> test_order(
    std::span<const PlannedChoice> choices);

}  // namespace minima::analysis
