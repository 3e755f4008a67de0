#include "run/compress/compression_estimate.h"

#include <gtest/gtest.h>

#include "fakes.h"

namespace minima::run {
namespace {

CompressionEstimate compression_estimate_of(const std::string& sections) {
  const Prepared prepared =
      prepare(study::parse_study("[study]\nname = \"tiny\"\nreplicates = 2\n[data]\n"
                                 "datasets = [\"glyphs\"]\n[train]\nepochs = 3\nbatch = 10\n"
                                 "[[design]]\narchitectures = [\"dnn 4\"]\n" +
                                     sections,
                                 "tiny.toml"),
              tiny_loader());
  return estimate_compression(prepared, 2, 100.0);
}

TEST(CompressionEstimate, IsNothingWithoutProtocols) {
  const CompressionEstimate nothing = compression_estimate_of("");
  EXPECT_EQ(nothing.pieces, 0);
  EXPECT_EQ(nothing.flop, 0.0);
}

TEST(CompressionEstimate, CountsEvaluationsOnTestImages) {
  const CompressionEstimate estimate =
      compression_estimate_of("[[pruning.protocol]]\nsparsity = [0.5, 0.9]\n");
  EXPECT_EQ(estimate.pieces, 2);
  EXPECT_EQ(estimate.networks, 4);
  EXPECT_EQ(estimate.epochs, 0);
  // 8 x 8 pixels to 4 units to 2 classes, 20 test images.
  EXPECT_EQ(estimate.flop, 4 * 20 * 2 * (64 * 4 + 4 * 2));
  EXPECT_GT(estimate.seconds, 0.0);
}

TEST(CompressionEstimate, CountsTrainingAfterPruning) {
  const CompressionEstimate estimate =
      compression_estimate_of("[[pruning.protocol]]\nsparsity = [0.5, 0.9]\nepochs = 2\n");
  EXPECT_EQ(estimate.epochs, 2 * 2 * 2);
  EXPECT_GT(estimate.flop,
            compression_estimate_of("[[pruning.protocol]]\nsparsity = [0.5, 0.9]\n").flop);
}

TEST(CompressionEstimate, CountsEveryTensorThatIsTakenAlone) {
  EXPECT_EQ(compression_estimate_of("[[pruning.protocol]]\nscope = \"one-layer\"\nsparsity = 0.5\n")
                .networks,
            2 * 2);
}

}  // namespace
}  // namespace minima::run
