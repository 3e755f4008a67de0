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
#include <vector>

#include "study/study_file.h"

namespace minima::study {

/// The architectures of a grid, depth by depth, width by width, then pattern by pattern in the
/// order of (smaller, equal, larger), the last layer changing fastest. Depth 0 is `dnn linear`,
/// once per width. Input error (no place) for a layer wider than kMaxWidth.
[[nodiscard]] std::vector<Architecture> architectures_of(const DnnGrid& grid);

/// The architectures of a grid or a list, none for random draws. Input error at the design's place.
[[nodiscard]] std::vector<Architecture> architectures_of(const Design& design);

/// Draws 0..draws-1; the first draws of a design stay the same when it asks for more. `occurrence`
/// tells designs that say the same apart. Random numbers are keyed by the study's seed, what the
/// design draws from, and the number of the draw.
[[nodiscard]] std::vector<Architecture> draw(const DnnDraws& draws, std::uint64_t seed,
                                             std::uint64_t occurrence);

/// What a random design draws from, as text: designs with the same text draw the same.
[[nodiscard]] std::string range_text(const DnnDraws& draws);

/// Input error, at the design with most, for a study of more than kMaxRuns runs; expands nothing.
void check_size(const Study& study);

}  // namespace minima::study
