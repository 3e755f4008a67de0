#pragma once

#include <map>
#include <vector>

#include "engine/backend.h"
#include "record/run_result.h"

namespace minima::engine {

/// Keeps everything that a backend reports.
struct Collector : TrainObserver {
  std::map<std::size_t, record::RunResult> results;
  std::map<std::size_t, std::vector<float>> weights;  ///< at the end
  std::map<std::size_t, std::vector<std::vector<float>>> weights_by_epoch;
  std::map<std::size_t, std::vector<double>> losses;

  void on_step(std::size_t run, std::int64_t, double loss) override { losses[run].push_back(loss); }
  void on_epoch(std::size_t run, const record::EpochRecord&, const ReadWeights& read) override {
    weights_by_epoch[run].push_back(read());
  }
  void on_end(std::size_t run, record::RunResult&& result, const ReadWeights& read) override {
    results[run] = std::move(result);
    weights[run] = read();
  }
};

inline std::shared_ptr<const PreparedDataset> prepared(const data::Dataset& dataset) {
  return make_cpu_backend()->prepare(std::make_shared<const data::Dataset>(dataset));
}

/// Trains on the CPU.
inline Collector train(const data::Dataset& dataset, const std::vector<study::Run>& runs,
                       const TrainOptions& options = {}, std::stop_token stop = {}) {
  Collector collector;
  make_cpu_backend()->train(*prepared(dataset), runs, options, collector, std::move(stop));
  return collector;
}

}  // namespace minima::engine
