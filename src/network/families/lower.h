// Builds the graph of an architecture for images of a given shape. Each family has one function
// here.
#pragma once

#include "core/shape.h"
#include "network/graph.h"
#include "network/notation/architecture.h"

namespace minima::network {

/// Throws an input error (without file and location) if the architecture does not fit the images:
/// patches that do not divide them, or a convolution or pooling larger than its input.
///
/// `vit paper` embeds images of 784 pixels by taking all pixels as one token, and other images by a
/// dense layer named "embedding". A token pooling without effect (one token, no norm) is omitted.
[[nodiscard]] Graph graph_of(const Architecture& architecture, const Problem& problem);

/// How freely the unit counts (hidden units, filters, heads) of an architecture can be chosen.
enum class UnitCounts {
  per_layer,  ///< each layer has its own count
  same_in_all_blocks,
  fixed,
};
[[nodiscard]] UnitCounts unit_counts(const Architecture& architecture);

}  // namespace minima::network
