#include "engine/cpu/optimizer_sink.h"

#include <gtest/gtest.h>

#include <vector>

namespace minima::engine {
namespace {

// Parameters after some steps with zero gradients, passed by accept_zeros() or by accept().
std::vector<float> after_zero_gradients(const study::Optimizer& optimizer, bool as_zeros) {
  constexpr std::size_t kCount = 3000;
  study::TrainSettings settings;
  settings.optimizer = optimizer;
  OptimizerSink sink(settings, kCount, 1);
  for (std::size_t i = 0; i < kCount; ++i) {
    sink.parameters()[i] = 0.001F * static_cast<float>(i) - 1.0F;
  }
  const std::vector<float> zeros(kCount, 0.0F);
  for (int t = 1; t <= 5; ++t) {
    sink.begin_step(t, 0.01);
    if (as_zeros) {
      sink.accept_zeros(0, 0, kCount);
    } else {
      sink.accept(0, 0, zeros);
    }
  }
  return {sink.parameters().begin(), sink.parameters().end()};
}

TEST(OptimizerSink, TreatsGradientsThatAreAlwaysZeroLikeOtherZeros) {
  using Kind = study::Optimizer::Kind;
  for (const Kind kind : {Kind::adam, Kind::adamw, Kind::sgd}) {
    for (const double decay : {0.0, 0.1}) {
      study::Optimizer optimizer;
      optimizer.kind = kind;
      optimizer.weight_decay = decay;
      EXPECT_EQ(after_zero_gradients(optimizer, true), after_zero_gradients(optimizer, false));
    }
  }
}

}  // namespace
}  // namespace minima::engine
