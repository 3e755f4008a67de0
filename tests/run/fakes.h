// A fast fake backend, store and datasets.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "data/source/source.h"
#include "engine/backend.h"
#include "network/families/lower.h"
#include "run/setup/prepare.h"
#include "store/store.h"

namespace minima::run {

/// 8x8 gray images; the labels cycle through `classes` classes.
inline data::Dataset tiny_dataset(const std::string& name, std::size_t train = 40,
                                  std::size_t test = 20, int classes = 2) {
  data::Dataset dataset;
  dataset.name = name;
  dataset.origin = "made by the test";
  dataset.shape = {1, 8, 8};
  for (int i = 0; i < classes; ++i) dataset.class_names.push_back(std::to_string(i));
  const auto fill = [&](data::Split& split, std::size_t count) {
    split.images.assign(count * 64, 7);
    for (std::size_t i = 0; i < count; ++i) {
      split.labels.push_back(static_cast<std::uint16_t>(i % static_cast<std::size_t>(classes)));
    }
  };
  fill(dataset.train, train);
  fill(dataset.test, test);
  dataset.checksum = "checksum of " + name;
  return dataset;
}

inline Loader tiny_loader() {
  return [](const data::Source& source) { return tiny_dataset(source.text()); };
}

/// A study on glyphs and textures with `replicates` of three architectures, batch 10, 3 epochs.
inline study::Study tiny_study(int replicates = 4) {
  return study::parse_study("[study]\nname = \"tiny\"\nreplicates = " + std::to_string(replicates) +
                                "\n[data]\ndatasets = [\"glyphs\", \"textures\"]\n"
                                "[train]\nepochs = 3\nbatch = 10\n"
                                "[[design]]\narchitectures = [\"dnn 2\", \"dnn 4\", \"dnn 8\"]\n",
                            "tiny.toml");
}

/// Ends every run at once with an accuracy determined by its architecture.
class FakeBackend : public engine::Backend {
 public:
  /// Called before each run is trained; may throw or request a stop.
  std::function<void(const study::Run&)> before_run = [](const study::Run&) {};
  std::set<std::string> diverging;  ///< architectures

  [[nodiscard]] engine::BackendInfo info() const override { return {"fake", "none", "none"}; }

  [[nodiscard]] study::CohortLimits limits(const study::Optimizer& /*optimizer*/) const override {
    return {};
  }
  [[nodiscard]] engine::TrainingBytes training_bytes(const network::Architecture& /*architecture*/,
                                                     const Problem& /*problem*/,
                                                     const study::TrainSettings& /*train*/,
                                                     std::uint64_t /*limit*/) const override {
    return {};
  }

  void train(const engine::PreparedDataset& dataset, std::span<const study::Run> cohort,
             const engine::TrainOptions& /*options*/, engine::TrainObserver& observer,
             std::stop_token stop) const override {
    for (std::size_t i = 0; i < cohort.size(); ++i) {
      if (cohort[i].dataset != dataset.data().name) throw std::logic_error("wrong dataset");
      before_run(cohort[i]);
      if (stop.stop_requested()) return;
      end_run(i, cohort[i], dataset.problem(), observer);
    }
  }

  [[nodiscard]] std::vector<engine::Evaluation> evaluate(
      const engine::PreparedDataset& /*dataset*/, engine::SplitName /*split*/,
      std::span<const engine::Candidate> /*candidates*/,
      std::span<const std::uint32_t> /*images*/) const override {
    return {};
  }

 private:
  void end_run(std::size_t number, const study::Run& run, const Problem& problem,
               engine::TrainObserver& observer) const {
    const auto zeros = [&] {
      const network::Graph graph = network::graph_of(run.architecture, problem);
      return std::vector<float>(static_cast<std::size_t>(graph.parameters()));
    };
    record::RunResult result;
    result.status = record::RunStatus::finished;
    result.test_accuracy = 0.5 + 0.01 * static_cast<double>(run.architecture.text().back() - '0');
    if (diverging.contains(run.architecture.text())) {
      result.status = record::RunStatus::diverged;
      result.diverged_step = 3;
    } else {
      for (int epoch = 1; epoch <= run.train.epochs; ++epoch) {
        observer.on_epoch(number, {.epoch = epoch, .layers = {}}, zeros);
        ++result.epochs;
      }
    }
    observer.on_end(number, std::move(result), zeros);
  }
};

/// Keeps everything that is recorded.
class FakeWriter : public store::Writer {
 public:
  struct Recorded {
    record::RunResult result;
    std::size_t tensors = 0;
    int times = 0;
  };

  void begin(const record::StudyRecord& study, std::span<const record::DatasetRecord> datasets,
             std::span<const study::Run> plan) override {
    begun = study;
    planned.assign(plan.begin(), plan.end());
    described.assign(datasets.begin(), datasets.end());
  }
  [[nodiscard]] std::vector<std::string> recorded() const override {
    std::vector<std::string> ids;
    for (const auto& [id, what] : runs) ids.push_back(id);
    return ids;
  }
  void record(const study::Run& run, const record::RunResult& result,
              std::span<const store::NamedTensor> weights) override {
    const std::lock_guard lock(mutex_);
    if (planned.empty()) throw std::logic_error("recorded before the plan was stored");
    Recorded& kept = runs[run.id];
    kept.result = result;
    kept.tensors = weights.size();
    ++kept.times;
    if (on_record) on_record(runs.size());
  }
  void add_weights(const std::string& run_id,
                   std::span<const store::NamedTensor> weights) override {
    const std::lock_guard lock(mutex_);
    runs.at(run_id).tensors = weights.size();
  }
  void record(const record::CompressionTask& task, std::span<const record::Variant> found,
              double /*seconds*/) override {
    const std::lock_guard lock(mutex_);
    variants[task].assign(found.begin(), found.end());
    if (on_task) on_task(variants.size());
  }
  void keep(const record::AnalysisRecord&) override {}
  void keep(const record::SessionRecord& session) override { sessions.push_back(session); }
  void seal() override { ++sealed; }

  record::StudyRecord begun;
  std::vector<study::Run> planned;
  std::vector<record::DatasetRecord> described;
  std::vector<record::SessionRecord> sessions;
  std::map<std::string, Recorded> runs;  ///< by id
  std::map<record::CompressionTask, std::vector<record::Variant>> variants;
  std::function<void(std::size_t)> on_record;
  std::function<void(std::size_t)> on_task;
  int sealed = 0;

 private:
  std::mutex mutex_;
};

}  // namespace minima::run
