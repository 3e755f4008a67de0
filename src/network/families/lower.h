// From an architecture and the shape of the images to its graph. Each family has one function here.
#pragma once

#include "core/shape.h"
#include "network/graph.h"
#include "network/notation/architecture.h"

namespace minima::network {

/// Throws an input error (no file, no location) for an architecture that does not fit the images: a
/// patch that does not divide them, a convolution or pooling larger than what reaches it.
///
/// `vit paper` embeds images of 784 pixels by taking all pixels as one token, and others by a dense
/// layer named "embedding". A token pooling that would do nothing (one token, no norm) is left out.
[[nodiscard]] Graph graph_of(const Architecture& architecture, const Problem& problem);

/// How freely the numbers of units (hidden units, filters, heads) of an architecture can be chosen.
enum class UnitCounts {
  per_layer,  ///< each layer has its own
  same_in_all_blocks,
  fixed,
};
[[nodiscard]] UnitCounts unit_counts(const Architecture& architecture);

}  // namespace minima::network
