// Forward passes over a whole split: loss, accuracy, predictions and dead units.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "engine/cpu/batch.h"
#include "engine/network/network.h"
#include "kernels/training/loss.h"

namespace minima::engine {

/// The kernel of a study's loss.
[[nodiscard]] kernels::LossSums batch_loss(study::Loss loss,
                                           const kernels::LossArguments& arguments);

/// Accumulates one network's results over the batches of a split.
class Evaluator {
 public:
  /// Whether to track dead units (costs about 1 % of evaluation time).
  enum class Units { watched, ignored };

  Evaluator(const Network& network, study::Loss loss, Units units = Units::watched);

  /// Reserves memory for the predictions of this many images.
  void expect(std::size_t images) { predictions_.reserve(images); }

  /// Keeps the logits of images added from now on.
  void keep_logits() { keeps_logits_ = true; }

  /// Adds one batch; `workspace` and `activations` as in Network::forward.
  void add(const float* parameters, const Batch& batch, float* workspace,
           ActivationHook* activations = nullptr);

  [[nodiscard]] double loss() const;      ///< mean over images; 0 without images
  [[nodiscard]] double accuracy() const;  ///< fraction of correct images
  /// Number of images predicted as each class.
  [[nodiscard]] const std::vector<std::int64_t>& predicted() const { return predicted_; }
  /// Predicted class of each image, in the order added.
  [[nodiscard]] const std::vector<int>& predictions() const& { return predictions_; }
  [[nodiscard]] std::vector<int> predictions() && { return std::move(predictions_); }
  /// [image][class], in the order added; empty unless kept.
  [[nodiscard]] std::vector<float> logits() && { return std::move(logits_); }
  /// Number of ReLU units of a layer that were zero for every image; 0 for a layer without ReLU,
  /// and if units are ignored.
  [[nodiscard]] int dead_units(std::size_t layer) const;

 private:
  void add_logits(const float* logits, std::size_t images);

  const Network* network_;
  study::Loss loss_;
  double loss_sum_ = 0.0;
  std::int64_t correct_ = 0;
  std::int64_t images_ = 0;
  std::vector<std::int64_t> predicted_;
  std::vector<int> predictions_;
  std::vector<std::vector<float>> unit_max_;  // per layer, maxima of its ReLU units; empty: ignored
  AlignedBuffer<std::int32_t> batch_predictions_;
  bool keeps_logits_ = false;
  std::vector<float> logits_;
};

/// Calls `use(batch)` for batches of `images` images, in the order of the given indices into a
/// split.
template <typename Use>
void for_each_batch(const data::Split& split, std::span<const std::uint32_t> indices,
                    std::size_t images, Batch& batch, Use use) {
  for (std::size_t begin = 0; begin < indices.size(); begin += images) {
    batch.load(split, indices.subspan(begin, std::min(images, indices.size() - begin)));
    use(batch);
  }
}

/// 0, 1, .. count - 1.
[[nodiscard]] std::vector<std::uint32_t> all_indices(std::size_t count);

/// The same for all images of a split.
template <typename Use>
void for_each_batch(const data::Split& split, std::size_t images, Batch& batch, Use use) {
  for_each_batch(split, all_indices(split.count()), images, batch, use);
}

}  // namespace minima::engine
