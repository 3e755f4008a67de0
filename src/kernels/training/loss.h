// Losses over a batch of logits [classes][stride], the batch fastest.
#pragma once

#include <cstddef>
#include <cstdint>

namespace minima::kernels {

/// Sums over the images of a batch.
struct LossSums {
  double loss = 0.0;         ///< sum of the per-image losses
  std::int64_t correct = 0;  ///< images whose largest logit (the first, in a tie) is their label's
};

/// `labels` [stride]: class of each image, -1 in the padding lanes. `gradient` [classes][stride]:
/// the derivative of sum(loss) / count for `count` images, zero in the padding lanes; may be
/// `logits` itself; null: not computed. `predictions` [stride]: class of the largest logit; null:
/// not computed. `weights` [stride]: factor on the loss of each image and on its gradient; null: 1.
struct LossArguments {
  const float* logits = nullptr;
  const std::int32_t* labels = nullptr;
  std::size_t classes = 0;
  std::size_t stride = 0;
  std::size_t count = 0;
  float* gradient = nullptr;
  std::int32_t* predictions = nullptr;
  const float* weights = nullptr;
};

/// Softmax cross-entropy: log(sum_c exp(z_c)) - z_label.
LossSums softmax_cross_entropy(const LossArguments& arguments);

/// Mean over classes of (z_c - [c = label])^2.
LossSums mean_squared_error(const LossArguments& arguments);

}  // namespace minima::kernels
