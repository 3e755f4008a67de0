// Weights of images by their class, for training losses.
#pragma once

#include <span>
#include <vector>

#include "data/dataset.h"
#include "study/settings/train_settings.h"

namespace minima::engine {

/// The weight of each class; empty if all images count the same. Balanced weights are images /
/// (classes * images of the class) over the training images, and only classes with training images
/// are counted: scikit-learn's "balanced". A class without training images has weight 0.
[[nodiscard]] std::vector<double> class_weights(study::ClassWeights kind, const data::Split& train,
                                                int classes);

/// The factor that makes the mean weight of the images of a batch 1, so that the mean of weighted
/// losses is PyTorch's weighted mean, sum(weight * loss) / sum(weight).
[[nodiscard]] double batch_factor(std::span<const double> class_weights,
                                  std::span<const std::int32_t> labels);

}  // namespace minima::engine
