// Selects networks that differ in their shape or depth alone. A different activation can change the
// accuracy, too, and is not a different shape.
#pragma once

#include <set>
#include <string>

#include "analysis/population/population.h"

namespace minima::analysis {

/// The dense networks among `architectures` that are equal except for their hidden widths and their
/// number of layers: the largest such set, and of several the one with the default options. Texts
/// that cannot be read (written by a newer version) are left out.
[[nodiscard]] std::set<std::string> same_but_widths(const std::set<std::string>& architectures);

/// Of the runs of a selection.
[[nodiscard]] std::set<std::string> same_but_widths(const Population& population,
                                                    const Selection& selection);

}  // namespace minima::analysis
