#pragma once

#include <map>
#include <vector>

#include "engine/backend.h"

namespace minima::engine {

/// Keeps everything that a backend reports.
struct Collector : TrainObserver {
  std::map<std::size_t, study::RunResult> results;
  std::map<std::size_t, std::vector<float>> weights;
  std::map<std::size_t, std::vector<double>> losses;
  std::size_t epochs = 0;

  void on_step(std::size_t run, std::int64_t, double loss) override { losses[run].push_back(loss); }
  void on_epoch(std::size_t, const study::EpochRecord&, std::span<const ParameterView>) override {
    ++epochs;
  }
  void on_end(std::size_t run, study::RunResult&& result,
              std::span<const ParameterView> parameters) override {
    results[run] = std::move(result);
    for (const ParameterView& tensor : parameters) {
      weights[run].insert(weights[run].end(), tensor.values.begin(), tensor.values.end());
    }
  }
};

inline std::shared_ptr<const PreparedDataset> prepared(const data::Dataset& dataset) {
  return make_cpu_backend()->prepare(std::make_shared<const data::Dataset>(dataset));
}

inline Collector train(const data::Dataset& dataset, const std::vector<study::Run>& runs,
                       const TrainOptions& options = {}, std::stop_token stop = {}) {
  Collector collector;
  make_cpu_backend()->train(*prepared(dataset), runs, options, collector, std::move(stop));
  return collector;
}

}  // namespace minima::engine
