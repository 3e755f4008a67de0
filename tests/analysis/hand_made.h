// Populations built by hand, run by run.
#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "analysis/population/population.h"
#include "record/run_result.h"
#include "record/run_row.h"

namespace minima::analysis {

/// One dataset of ten equal classes, 10,000 training and 1000 test images, one family.
class HandMade {
 public:
  explicit HandMade(std::string dataset = "planted", network::Family family = network::Family::dnn)
      : family_(family) {
    population_.datasets.push_back({.name = std::move(dataset),
                                    .problem = {{1, 8, 8}, 10},
                                    .train_count = 10'000,
                                    .test_count = 1000,
                                    .majority_share = 0.1});
  }

  [[nodiscard]] static HandMade with_images(std::int64_t test_images) {
    HandMade made;
    made.population_.datasets[0].test_count = test_images;
    return made;
  }

  /// Adds a finished run per test accuracy. Training accuracy is higher by `gap`.
  HandMade& add(std::int64_t parameters, const std::vector<double>& accuracies, double gap = 0.0) {
    for (const double accuracy : accuracies) {
      record::RunRow run = row(parameters);
      run.result.status = record::RunStatus::finished;
      run.result.test_accuracy = accuracy;
      run.result.train_accuracy = accuracy + gap;
      run.result.train_loss = run.result.test_loss = 1 - accuracy;
      population_.runs.push_back(std::move(run));
    }
    return *this;
  }
  HandMade& add_diverged(std::int64_t parameters, int count = 1) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (int i = 0; i < count; ++i) {
      record::RunRow run = row(parameters);
      run.result.status = record::RunStatus::diverged;
      run.result.test_accuracy = run.result.train_accuracy = nan;
      run.result.train_loss = run.result.test_loss = nan;
      population_.runs.push_back(std::move(run));
    }
    return *this;
  }
  /// Sets the test losses of the last added run, one per epoch.
  HandMade& losses(const std::vector<double>& losses) {
    record::RunResult& result = population_.runs.back().result;
    for (const double loss : losses) {
      record::EpochRecord epoch;
      epoch.epoch = static_cast<int>(result.history.size()) + 1;
      epoch.test_loss = loss;
      epoch.predicted_classes = 10;
      result.history.push_back(std::move(epoch));
    }
    return *this;
  }

  [[nodiscard]] const Population& population() const { return population_; }
  /// All runs; empty if there are none.
  [[nodiscard]] Selection selection() const {
    Selection selection{.dataset = 0, .family = family_};
    for (std::size_t i = 0; i < population_.runs.size(); ++i) selection.runs.push_back(i);
    return selection;
  }

 private:
  [[nodiscard]] record::RunRow row(std::int64_t parameters) const {
    record::RunRow run;
    run.id = std::to_string(population_.runs.size());
    run.dataset = population_.datasets[0].name;
    run.family = family_;
    run.architecture = fmt::format("{} {}", family_, parameters);
    run.parameters = parameters;
    return run;
  }

  network::Family family_;
  Population population_;
};

}  // namespace minima::analysis
