// Designs spelt out as architectures.
//
// The step rule of shape "all". Along a pattern of smaller, equal and larger layers, count the
// level up and down by one; the narrowest layer has the width that the design names, and a layer k
// levels above it has the k-th rung of a ladder:
//   rung(0) = width,  rung(k) = max(rung(k-1) + 1, round(step * rung(k-1))).
// So width 10, pattern "larger, smaller, smaller", step 2 is 20-40-20-10. A pattern never becomes
// impossible and no two patterns or widths give the same architecture: the narrowest layer tells
// the width, the comparisons the pattern (docs/decisions/0003-shape-rule.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "study/study_file.h"

namespace minima::study {

/// The architectures of a grid, depth by depth, width by width, then pattern by pattern in the
/// order of (smaller, equal, larger), the last layer changing fastest. Depth 0 is `dnn linear`,
/// once per width. Input error (no place) for a layer wider than kMaxWidth.
[[nodiscard]] std::vector<network::Architecture> architectures_of(const DnnGrid& grid);

/// Every combination in the order of the lists (depth, channels, kernel, stride, padding, pooling,
/// head), the last changing fastest; those that cannot exist too.
[[nodiscard]] std::vector<network::Architecture> architectures_of(const CnnGrid& grid);

/// The same, in the order width, heads, layers, patch, norm, activation, mlp, pool.
[[nodiscard]] std::vector<network::Architecture> architectures_of(const VitGrid& grid);

/// The architectures of a grid or a list, none for random draws. Input error at the design's place,
/// for those that cannot exist unless they are skipped.
[[nodiscard]] std::vector<network::Architecture> architectures_of(
    const Design& design, Invalid invalid = Invalid::refuse);

/// Draws 0..draws-1; the first draws of a design stay the same when it asks for more. `occurrence`
/// tells designs that say the same apart. Random numbers are keyed by the study's seed, what the
/// design draws from, and the number of the draw.
[[nodiscard]] std::vector<network::Architecture> draw(const DnnDraws& draws, std::uint64_t seed,
                                                      std::uint64_t occurrence);
[[nodiscard]] std::vector<network::Architecture> draw(const CnnDraws& draws, std::uint64_t seed,
                                                      std::uint64_t occurrence);

/// What a random design draws from, as text: designs with the same text draw the same.
[[nodiscard]] std::string range_text(const DnnDraws& draws);
[[nodiscard]] std::string range_text(const CnnDraws& draws);

[[nodiscard]] bool is_random(const Design& design);

// Of random designs of any family; draws that cannot exist are refused or left out.

[[nodiscard]] std::vector<network::Architecture> draw(const Design& design, const Study& study,
                                                      std::uint64_t occurrence);
[[nodiscard]] std::string range_text(const Design& design);

/// `why`, at a design's place, with the way to skip it.
[[nodiscard]] Error invalid_combination(const Place& place, const Error& why);

/// Input error, at its design, for a combination that cannot exist, unless the study skips them.
void refuse_impossible(const Study& study);

/// Input error, at the design with most, for a study of more than kMaxRuns runs; expands nothing.
void check_size(const Study& study);

}  // namespace minima::study
