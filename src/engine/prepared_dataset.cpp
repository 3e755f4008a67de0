#include "engine/prepared_dataset.h"

#include <utility>

namespace minima::engine {

PixelScaling pixel_scaling(study::Scaling scaling, const data::Dataset& dataset) {
  const auto channels = static_cast<std::size_t>(dataset.shape.channels);
  PixelScaling result{std::vector<float>(channels, 1.0F / 255.0F), std::vector<float>(channels)};
  if (scaling == study::Scaling::unit) return result;
  const data::PixelStatistics statistics = data::pixel_statistics(dataset.train, dataset.shape);
  for (std::size_t c = 0; c < channels; ++c) {
    // A constant channel carries no information: it is centered and not scaled.
    const double sd = statistics.sd[c] > 0.0 ? statistics.sd[c] : 1.0;
    result.scale[c] = static_cast<float>(1.0 / (255.0 * sd));
    result.shift[c] = static_cast<float>(-statistics.mean[c] / sd);
  }
  return result;
}

PreparedDataset::PreparedDataset(std::shared_ptr<const data::Dataset> dataset)
    : dataset_(std::move(dataset)), unit_(pixel_scaling(study::Scaling::unit, *dataset_)) {}

const data::Split& PreparedDataset::split(SplitName name) const {
  if (name == SplitName::train) return dataset_->train;
  return name == SplitName::validation ? dataset_->validation : dataset_->test;
}

const PixelScaling& PreparedDataset::pixels(study::Scaling scaling) const {
  if (scaling == study::Scaling::unit) return unit_;
  std::call_once(is_standardised_, [this] {
    standardised_ = pixel_scaling(study::Scaling::standardised, *dataset_);
  });
  return standardised_;
}

}  // namespace minima::engine
