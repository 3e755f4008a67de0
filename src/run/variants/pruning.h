// From a pruning protocol to pruned networks.
#pragma once

#include <span>
#include <vector>

#include "run/variants/retraining.h"
#include "study/compression_settings.h"

namespace minima::run {

/// Every network that a protocol makes of runs of one dataset (and of one replicate, where networks
/// are trained on): by step of the protocol, and in the order of the runs within each. A network
/// that diverges in between is the last of its run. Hidden units that pruning leaves without input
/// or output are taken out of the results (compress/prune/dead_units.h), but not of what later
/// steps start from. Empty when a stop was asked for.
[[nodiscard]] std::vector<CompressedNetwork> pruned_networks(const study::PruningProtocol& protocol,
                                                             std::span<const TrainedRun> runs,
                                                             const Retraining& retraining);

}  // namespace minima::run
