// The results of a study must not depend on the number of threads, the cohorts, the parts and
// sessions it runs in, or what else the process trains. All figures of all views and every weight
// are compared bit for bit.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "kernels/products/gemm_kernels.h"
#include "record/run_result.h"
#include "small_study.h"
#include "store_contents.h"
#include "support/temporary_folder.h"

namespace minima::run {
namespace {

/// Passes on cohorts in parts of at most `most` runs.
class SmallCohorts : public engine::Backend {
 public:
  explicit SmallCohorts(std::size_t most) : most_(most) {}

  [[nodiscard]] engine::BackendInfo info() const override { return inner_->info(); }

  [[nodiscard]] study::CohortLimits limits(const study::Optimizer& optimizer) const override {
    return inner_->limits(optimizer);
  }
  [[nodiscard]] engine::TrainingBytes training_bytes(const network::Architecture& architecture,
                                                     const Problem& problem,
                                                     const study::TrainSettings& train,
                                                     std::uint64_t limit) const override {
    return inner_->training_bytes(architecture, problem, train, limit);
  }

  void train(const engine::PreparedDataset& dataset, std::span<const study::Run> cohort,
             const engine::TrainOptions& options, engine::TrainObserver& observer,
             std::stop_token stop) const override {
    for (std::size_t begin = 0; begin < cohort.size(); begin += most_) {
      const std::size_t count = std::min(most_, cohort.size() - begin);
      engine::TrainOptions part = options;
      if (!part.conditions.empty()) part.conditions = part.conditions.subspan(begin, count);
      Part observed(observer, begin);
      inner_->train(dataset, cohort.subspan(begin, count), part, observed, stop);
    }
  }

  [[nodiscard]] std::vector<engine::Evaluation> evaluate(
      const engine::PreparedDataset& dataset, engine::SplitName split,
      std::span<const engine::Candidate> candidates,
      std::span<const std::uint32_t> images) const override {
    return inner_->evaluate(dataset, split, candidates, images);
  }

 private:
  class Part : public engine::TrainObserver {
   public:
    Part(engine::TrainObserver& whole, std::size_t begin) : whole_(whole), begin_(begin) {}
    void on_step(std::size_t run, std::int64_t step, double loss) override {
      whole_.on_step(begin_ + run, step, loss);
    }
    void on_epoch(std::size_t run, const record::EpochRecord& record,
                  const engine::ReadWeights& weights) override {
      whole_.on_epoch(begin_ + run, record, weights);
    }
    void on_end(std::size_t run, record::RunResult&& result,
                const engine::ReadWeights& weights) override {
      whole_.on_end(begin_ + run, std::move(result), weights);
    }

   private:
    engine::TrainObserver& whole_;
    std::size_t begin_;
  };

  std::unique_ptr<engine::Backend> inner_ = engine::make_cpu_backend();
  std::size_t most_;
};

/// Requests a stop after the given number of progress reports.
class StopAfterReports : public ProgressObserver {
 public:
  explicit StopAfterReports(int reports) : left_(reports) {}
  void on_progress(const Progress&) override {
    if (--left_ == 0) stop_.request_stop();
  }
  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

 private:
  std::atomic<int> left_;
  std::stop_source stop_;
};

struct Circumstances {
  std::size_t jobs = 1;
  std::optional<study::Shard> shard = std::nullopt;
  int reports = 0;  ///< progress reports until a stop; 0: no stop
};

/// Trains and compresses what a store lacks.
void carry_out_missing(const study::Study& study, const std::filesystem::path& folder,
                       const engine::Backend& backend, const Circumstances& how = {}) {
  const Prepared all = prepare(study, load_generated, how.shard);
  const auto writer = store::open_writer(folder);
  StopAfterReports progress(how.reports);
  static_cast<void>(
      execute(all, backend, *writer, {.jobs = how.jobs, .stop = progress.token()}, progress));
  static_cast<void>(compress_runs(all, backend, *writer, *store::open_reader(folder),
                                  {.jobs = how.jobs, .stop = progress.token()}, progress));
}

/// Reports only the first line that differs.
void expect_equal(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  EXPECT_GT(a.size(), 100U) << "or nothing is compared";
  EXPECT_EQ(a.size(), b.size());
  const auto [in_a, in_b] = std::ranges::mismatch(a, b);
  if (in_a == a.end() || in_b == b.end()) return;
  ADD_FAILURE() << in_a->substr(0, 300) << "\n  differs from\n" << in_b->substr(0, 300);
}

class Determinism : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const TemporaryFolder folder;
    carry_out_missing(quick_study(), folder / "store", *engine::make_cpu_backend());
    undisturbed_ = contents(folder / "store");
  }
  static void TearDownTestSuite() { undisturbed_.clear(); }

  static std::vector<std::string> undisturbed_;
  TemporaryFolder folder_;
};
std::vector<std::string> Determinism::undisturbed_;

TEST_F(Determinism, OfAnyNumberOfJobs) {
  for (const std::size_t jobs : {2U, 4U}) {
    const TemporaryFolder folder;
    carry_out_missing(quick_study(), folder / "store", *engine::make_cpu_backend(), {.jobs = jobs});
    expect_equal(contents(folder / "store"), undisturbed_);
  }
}

TEST_F(Determinism, OfCohortsOfAnySize) {
  for (const std::size_t most : {1U, 3U}) {
    const TemporaryFolder folder;
    carry_out_missing(quick_study(), folder / "store", SmallCohorts(most));
    expect_equal(contents(folder / "store"), undisturbed_);
  }
}

TEST_F(Determinism, OfShards) {
  const auto backend = engine::make_cpu_backend();
  std::vector<TemporaryFolder> shards(3);
  std::vector<std::filesystem::path> stores;
  for (int shard = 1; shard <= 3; ++shard) {
    stores.push_back(shards[static_cast<std::size_t>(shard) - 1] / "store");
    carry_out_missing(quick_study(), stores.back(), *backend, {.shard = study::Shard{shard, 3}});
  }
  store::merge(folder_ / "store", stores);
  expect_equal(contents(folder_ / "store"), undisturbed_);
}

TEST_F(Determinism, OfInterruptions) {
  const auto backend = engine::make_cpu_backend();
  for (const int reports : {3, 10, 25, 40, 60}) {
    carry_out_missing(quick_study(), folder_ / "store", *backend, {.jobs = 2, .reports = reports});
  }
  carry_out_missing(quick_study(), folder_ / "store", *backend);
  expect_equal(contents(folder_ / "store"), undisturbed_);
}

// A tiny kernel cache makes every network generate its kernels again, as in a study of very many
// architectures.
TEST_F(Determinism, OfWhatElseIsInTheStudy) {
  study::Study study = quick_study();
  std::vector<std::string> own;
  for (const auto& run : prepare(study, load_generated).plan) own.push_back(run.id);
  study::ArchitectureList others;
  for (int width = 100; width < 160; ++width) {
    others.architectures.push_back(network::Architecture(network::Dnn{{width}}));
  }
  study.designs.insert(study.designs.begin(), study::Design{others, {}});
  study.pruning.protocols.clear();
  study.quantization.protocols.clear();
  study::Study alone = quick_study();
  alone.pruning.protocols.clear();
  alone.quantization.protocols.clear();
  const TemporaryFolder amid_others;
  const auto backend = engine::make_cpu_backend();
  kernels::keep_idle_gemm_kernels(1);
  carry_out_missing(study, amid_others / "store", *backend);
  kernels::keep_idle_gemm_kernels(kernels::kMostIdleGemmKernels);
  carry_out_missing(alone, folder_ / "store", *backend);
  expect_equal(contents(amid_others / "store", own), contents(folder_ / "store", own));
}

}  // namespace
}  // namespace minima::run
