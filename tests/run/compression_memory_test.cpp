#include "run/variants/compression_memory.h"

#include <gtest/gtest.h>

#include "network/families/lower.h"

namespace minima::run {
namespace {

const Problem kMnistProblem{{1, 28, 28}, 10};
constexpr std::int64_t kImages = 1000;

CompressionItem item_of(const std::string& architecture) {
  CompressionItem item;
  item.run = study::make_run("glyphs", network::Architecture::parse(architecture), 0, 1, {});
  return item;
}

CompressionItem pruning_of(const std::string& architecture, int epochs) {
  CompressionItem item = item_of(architecture);
  item.pruning = study::PruningProtocol{};
  item.pruning->sparsity = {0.5, 0.9};
  item.pruning->epochs = epochs;
  return item;
}

std::uint64_t bytes_of(const std::vector<CompressionItem>& items) {
  return compression_bytes(*engine::make_cpu_backend(), items, kMnistProblem, kImages);
}

TEST(CompressionMemory, HoldsEveryNetworkThatPruningMakes) {
  const CompressionItem item = pruning_of("dnn 1000", 0);
  const auto parameters = static_cast<std::uint64_t>(
      network::graph_of(item.run.architecture, kMnistProblem).parameters());
  EXPECT_GT(bytes_of({item}), 2 * 5 * parameters);
  EXPECT_LT(bytes_of({item}), 60 * parameters);
}

TEST(CompressionMemory, HoldsTheMomentsOfAllThatAreTrainedTogether) {
  const CompressionItem trained = pruning_of("dnn 1000", 1);
  const auto own =
      engine::make_cpu_backend()->training_bytes(trained.run.architecture, kMnistProblem, {}).own;
  EXPECT_GE(bytes_of({trained}), bytes_of({pruning_of("dnn 1000", 0)}) + 2 * own);
  CompressionItem one_by_one = trained;
  one_by_one.pruning->schedule = study::PruningProtocol::Schedule::listed;
  EXPECT_LT(bytes_of({one_by_one}), bytes_of({trained}));
}

TEST(CompressionMemory, GrowsWithTheItemsOfACohort) {
  const std::uint64_t one = bytes_of({pruning_of("dnn 100", 1)});
  const std::uint64_t two = bytes_of({pruning_of("dnn 100", 1), pruning_of("dnn 100", 1)});
  EXPECT_GT(two, one);
  EXPECT_LT(two, 2 * one) << "the batch and its activations are shared";
}

TEST(CompressionMemory, CountsWhatIsKeptOfImages) {
  CompressionItem item = item_of("dnn 4");
  item.quantizations.emplace_back();
  const auto formats = static_cast<std::uint64_t>(item.variants());
  const auto backend = engine::make_cpu_backend();
  EXPECT_GE(compression_bytes(*backend, {&item, 1}, kMnistProblem, 10'000),
            compression_bytes(*backend, {&item, 1}, kMnistProblem, 0) + formats * 10'000);
}

}  // namespace
}  // namespace minima::run
