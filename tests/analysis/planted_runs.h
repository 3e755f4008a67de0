// Runs with histories built by hand.
#pragma once

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "analysis/population/population.h"
#include "record/run_result.h"
#include "record/run_row.h"

namespace minima::analysis {

/// The value of a figure that was not measured or is not finite.
inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// A population of one dataset: ten equal classes, 1000 test images of 28 x 28.
inline Population one_dataset() {
  Population population;
  population.datasets.push_back({.name = "digits",
                                 .problem = {{1, 28, 28}, 10},
                                 .train_count = 6000,
                                 .test_count = 1000,
                                 .majority_share = 0.1});
  return population;
}

/// Adds a finished run without history; returns it for modification.
inline record::RunRow& add_run(Population& population, const std::string& architecture,
                               double test_accuracy, std::int64_t parameters = 100) {
  record::RunRow row;
  row.id = std::to_string(population.runs.size());
  row.dataset = "digits";
  row.family = *parse_word<network::Family>(architecture.substr(0, 3));
  row.architecture = architecture;
  row.parameters = parameters;
  row.replicate = static_cast<int>(population.runs.size());
  row.result.status = record::RunStatus::finished;
  row.result.test_accuracy = test_accuracy;
  population.runs.push_back(std::move(row));
  return population.runs.back();
}

/// Sets a history with one epoch per loss.
inline void set_losses(record::RunRow& run, const std::vector<double>& losses) {
  run.result.history.clear();
  for (std::size_t i = 0; i < losses.size(); ++i) {
    run.result.history.push_back({.epoch = static_cast<int>(i) + 1, .train_loss = losses[i]});
  }
  run.result.epochs = static_cast<int>(losses.size());
}

/// The only selection of such a population.
inline Selection selection_of(const Population& population) {
  return selections_of(population).at(0);
}

}  // namespace minima::analysis
