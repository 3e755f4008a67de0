// Makes pruned networks according to a pruning protocol.
#pragma once

#include <span>
#include <vector>

#include "run/variants/retraining.h"
#include "study/settings/compression_settings.h"

namespace minima::run {

/// All networks that a protocol makes from runs of one dataset. If the protocol trains, the runs
/// must be of one replicate. The result is ordered by protocol step, then by run. A network that
/// diverges ends the sequence of its run. Hidden units that pruning leaves without input or output
/// are removed from the results (compress/prune/dead_units.h), but later steps start from networks
/// that still have them. Empty if a stop was requested.
[[nodiscard]] std::vector<CompressedNetwork> pruned_networks(const study::PruningProtocol& protocol,
                                                             std::span<const TrainedRun> runs,
                                                             const Retraining& retraining);

}  // namespace minima::run
