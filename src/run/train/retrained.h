// Compares a run that was trained again with its record.
#pragma once

#include <string>

#include "record/run_result.h"

namespace minima::run {

/// The first figure in which the results differ, such as "a training loss of 0.25 instead of 0.5";
/// empty if all are equal, bit for bit. Compares the results and the losses and accuracies of every
/// epoch; times, summaries of weights and predictions are not compared.
[[nodiscard]] std::string difference_of(const record::RunResult& recorded,
                                        const record::RunResult& again);

}  // namespace minima::run
