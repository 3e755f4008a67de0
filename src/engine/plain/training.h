// Trains one run.
#pragma once

#include <stop_token>

#include "engine/backend.h"

namespace minima::engine::plain {

/// Trains the run with index `number` of a cohort, as in Backend::train.
void train_run(const PreparedDataset& dataset, std::span<const study::Run> cohort,
               std::size_t number, const TrainOptions& options, TrainObserver& observer,
               const std::stop_token& stop);

}  // namespace minima::engine::plain
