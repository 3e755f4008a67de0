// The training loop. Its internals are hidden; callers follow it through an observer.
#pragma once

#include "engine/backend.h"

namespace minima::engine {

/// Trains runs in lockstep over one stream of batches; see Backend::train.
void train_cohort(const PreparedDataset& dataset, std::span<const study::Run> runs,
                  const TrainOptions& options, TrainObserver& observer,
                  const std::stop_token& stop);

}  // namespace minima::engine
