// A dataset prepared by a backend: with what is derived from it, computed once.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "data/dataset.h"
#include "study/settings/train_settings.h"

namespace minima::engine {

/// value = byte * scale[channel] + shift[channel].
struct PixelScaling {
  std::vector<float> scale;
  std::vector<float> shift;
};

/// Computed from the training images, which takes a pass over them.
[[nodiscard]] PixelScaling pixel_scaling(study::Scaling scaling, const data::Dataset& dataset);

enum class SplitName { train, validation, test };

/// Shared by all calls of its backend, on any thread. A backend that keeps images elsewhere, such
/// as in the memory of a GPU, derives its own class.
class PreparedDataset {
 public:
  explicit PreparedDataset(std::shared_ptr<const data::Dataset> dataset);
  PreparedDataset(const PreparedDataset&) = delete;
  PreparedDataset& operator=(const PreparedDataset&) = delete;
  virtual ~PreparedDataset() = default;

  [[nodiscard]] const data::Dataset& data() const { return *dataset_; }
  [[nodiscard]] const data::Split& split(SplitName name) const;
  [[nodiscard]] Problem problem() const { return dataset_->problem(); }
  /// How the bytes of images become the inputs of the first layer. The first call for standardised
  /// inputs reads every training image; any thread may call.
  [[nodiscard]] const PixelScaling& pixels(study::Scaling scaling) const;

 private:
  std::shared_ptr<const data::Dataset> dataset_;
  PixelScaling unit_;
  mutable std::once_flag is_standardised_;
  mutable PixelScaling standardised_;  ///< set once is_standardised_
};

}  // namespace minima::engine
