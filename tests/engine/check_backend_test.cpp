#include "engine/check_backend.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "backends.h"
#include "core/error.h"
#include "engine/initial_weights.h"
#include "small_integer_network.h"

namespace minima::engine {
namespace {

struct Fault {
  double learning_rate = 1.0;  ///< factor
  double loss = 0.0;           ///< added to that of evaluations
  int predicted = 0;           ///< added to the predicted class of an image by an integer network
};

/// Predicts another class for the first image.
class WrongIntegers final : public IntegerEvaluation {
 public:
  WrongIntegers(std::unique_ptr<IntegerEvaluation> right, int error)
      : right_(std::move(right)), error_(error) {}

  [[nodiscard]] Evaluation evaluate(const compress::IntegerNetwork& network,
                                    study::Loss loss) override {
    Evaluation result = right_->evaluate(network, loss);
    result.predictions.front() += error_;
    return result;
  }

 private:
  std::unique_ptr<IntegerEvaluation> right_;
  int error_;
};

/// The CPU with one thing wrong.
class WrongBackend : public Backend {
 public:
  explicit WrongBackend(const Fault& fault) : fault_(fault) {}

  [[nodiscard]] BackendInfo info() const override { return {"wrong", "none", "none"}; }
  [[nodiscard]] study::CohortLimits limits(const study::Optimizer& /*optimizer*/) const override {
    return {.max_runs = 3};
  }
  [[nodiscard]] TrainingBytes training_bytes(const network::Architecture& architecture,
                                             const Problem& problem,
                                             const study::TrainSettings& train,
                                             std::uint64_t limit) const override {
    return cpu_->training_bytes(architecture, problem, train, limit);
  }
  void train(const PreparedDataset& dataset, std::span<const study::Run> cohort,
             const TrainOptions& options, TrainObserver& observer,
             std::stop_token stop) const override {
    std::vector<study::Run> wrong(cohort.begin(), cohort.end());
    for (study::Run& run : wrong) run.train.learning_rate *= fault_.learning_rate;
    cpu_->train(dataset, wrong, options, observer, stop);
  }
  [[nodiscard]] std::vector<Evaluation> evaluate(
      const PreparedDataset& dataset, SplitName split, std::span<const Candidate> candidates,
      std::span<const std::uint32_t> images) const override {
    auto results = cpu_->evaluate(dataset, split, candidates, images);
    for (Evaluation& result : results) result.loss += fault_.loss;
    return results;
  }

  [[nodiscard]] std::unique_ptr<IntegerEvaluation> integers(const PreparedDataset& dataset,
                                                            SplitName split) const override {
    return std::make_unique<WrongIntegers>(cpu_->integers(dataset, split), fault_.predicted);
  }

 private:
  Fault fault_;
  std::unique_ptr<Backend> cpu_ = make_cpu_backend();
};

/// The error of training with this second backend; empty if there is none.
std::string error_with(const Fault& fault) {
  auto checking = make_check_backend(make_cpu_backend(), std::make_unique<WrongBackend>(fault));
  const auto dataset = checking->prepare(std::make_shared<const data::Dataset>(small_dataset()));
  const std::vector<study::Run> runs = {small_run("dnn 9-6", quick_settings()),
                                        small_run("dnn 5", quick_settings())};
  Collector collector;
  try {
    checking->train(*dataset, runs, {}, collector, {});
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), Error::Kind::work);
    EXPECT_TRUE(collector.results.empty()) << "trained with a backend that may be wrong";
    return error.what();
  }
  EXPECT_EQ(collector.results.size(), 2U);
  return "";
}

TEST(CheckBackend, AcceptsBackendsThatAgree) {
  EXPECT_EQ(error_with({}), "");
}

TEST(CheckBackend, NamesTheFirstDifferenceInTraining) {
  const std::string line = error_with({.learning_rate = 1.2});
  EXPECT_NE(line.find("backends cpu and wrong: dnn 9-6: loss of step "), std::string::npos) << line;
  EXPECT_EQ(line.find('\n'), std::string::npos);
}

TEST(CheckBackend, ComparesWeightsWhereLossesAgree) {
  const std::string line = error_with({.learning_rate = 1.005});
  EXPECT_NE(line.find("fc1.weight"), std::string::npos) << line;
}

TEST(CheckBackend, ComparesEvaluations) {
  const std::string line = error_with({.loss = 0.01});
  EXPECT_NE(line.find("loss of the evaluation"), std::string::npos) << line;
}

/// The error of evaluating an integer network with this second backend; empty if there is none.
std::string integer_error_with(const Fault& fault) {
  const auto checking =
      make_check_backend(make_cpu_backend(), std::make_unique<WrongBackend>(fault));
  const auto dataset = checking->prepare(std::make_shared<const data::Dataset>(small_dataset()));
  try {
    static_cast<void>(checking->integers(*dataset, SplitName::test)
                          ->evaluate(small_integer_network("dnn 5", dataset->data()),
                                     study::Loss::cross_entropy));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(CheckBackend, ComparesIntegerNetworksImageByImage) {
  EXPECT_EQ(integer_error_with({}), "");
  const std::string line = integer_error_with({.predicted = 1});
  EXPECT_NE(line.find("backends cpu and wrong: an integer network"), std::string::npos) << line;
}

TEST(CheckBackend, RefusesADatasetThatAnotherBackendPrepared) {
  const auto checking = make_tested_check();
  const Candidate candidate{.architecture = network::Architecture::parse("dnn 3")};
  EXPECT_THROW(
      (void)checking->evaluate(*prepared(small_dataset()), SplitName::test, {&candidate, 1}),
      std::invalid_argument);
}

TEST(CheckBackend, TakesTheSmallerLimitsOfBoth) {
  const auto checking =
      make_check_backend(make_cpu_backend(), std::make_unique<WrongBackend>(Fault{}));
  EXPECT_EQ(checking->limits({}).max_runs, 3U);
}

}  // namespace
}  // namespace minima::engine
