// Expands designs into architectures.
//
// Step rule of shape "all": a pattern gives the comparisons smaller, equal, larger between layers.
// Counting them down and up by one gives each layer a level. The narrowest layer has the width of
// the design. A layer k levels above it has the k-th rung of a ladder:
//   rung(0) = width,  rung(k) = max(rung(k-1) + 1, round(step * rung(k-1))).
// For example, width 10, pattern "larger, smaller, smaller" and step 2 give 20-40-20-10. Every
// pattern is possible, and different patterns or widths give different architectures: the narrowest
// layer identifies the width, the comparisons identify the pattern
// (docs/decisions/0003-shape-rule.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "study/study.h"

namespace minima::study {

/// The architectures of a grid, ordered by depth, by width, then by pattern in the order (smaller,
/// equal, larger), the last layer changing fastest. Depth 0 is `dnn linear`, once per width. Input
/// error (without a location) if a layer is wider than kMaxWidth.
[[nodiscard]] std::vector<network::Architecture> architectures_of(const DnnGrid& grid);

/// Every combination in the order of the lists (depth, channels, kernel, stride, padding, pooling,
/// head), the last changing fastest. Includes combinations that cannot exist.
[[nodiscard]] std::vector<network::Architecture> architectures_of(const CnnGrid& grid);

/// Every combination in the order width, heads, layers, patch, norm, activation, mlp, pool.
[[nodiscard]] std::vector<network::Architecture> architectures_of(const VitGrid& grid);

/// The architectures of a grid or a list; none for random draws. Input error at the design's
/// location for combinations that cannot exist, unless they are skipped.
[[nodiscard]] std::vector<network::Architecture> architectures_of(
    const Design& design, Invalid invalid = Invalid::refuse);

/// Draws 0..draws-1. The first draws of a design stay the same if it requests more. `occurrence`
/// distinguishes designs with equal text. Random numbers are keyed by the study's seed, the text
/// that the design draws from, and the draw number.
[[nodiscard]] std::vector<network::Architecture> draw(const DnnDraws& draws, std::uint64_t seed,
                                                      std::uint64_t occurrence);
[[nodiscard]] std::vector<network::Architecture> draw(const CnnDraws& draws, std::uint64_t seed,
                                                      std::uint64_t occurrence);

/// What a random design draws from, as text. Designs with equal text give equal draws.
[[nodiscard]] std::string range_text(const DnnDraws& draws);
[[nodiscard]] std::string range_text(const CnnDraws& draws);

[[nodiscard]] bool is_random(const Design& design);

// Draws of a random design of any family. Draws that cannot exist are refused or left out.

[[nodiscard]] std::vector<network::Architecture> draw(const Design& design, const Study& study,
                                                      std::uint64_t occurrence);
[[nodiscard]] std::string range_text(const Design& design);

/// Adds to `why` the design's location and a hint on how to skip the combination.
[[nodiscard]] Error invalid_combination(const Place& place, const Error& why);

/// Input error at its design for a combination that cannot exist, unless the study skips them.
void refuse_impossible(const Study& study);

/// Input error at the largest design if the study has more than kMaxRuns runs; expands nothing.
void check_size(const Study& study);

}  // namespace minima::study
