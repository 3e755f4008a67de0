#include "engine/integer_figures.h"

#include <algorithm>
#include <utility>

#include "compress/integer/integer_inference.h"
#include "kernels/training/image_loss.h"

namespace minima::engine {

IntegerFigures::IntegerFigures(const compress::IntegerNetwork& network, study::Loss loss,
                               std::size_t images)
    : scale_(network.layers.back().reals.output_scale), loss_(loss) {
  sums_.predictions.reserve(images);
}

void IntegerFigures::add(std::span<const std::int32_t> logits, std::size_t label) {
  const int predicted = compress::predicted_class(logits);
  sums_.predictions.push_back(predicted);
  sums_.loss += loss_of(logits, label);
  sums_.accuracy += static_cast<std::size_t>(predicted) == label ? 1.0 : 0.0;
}

Evaluation IntegerFigures::evaluation() {
  const auto count = static_cast<double>(std::max<std::size_t>(sums_.predictions.size(), 1));
  sums_.loss /= count;
  sums_.accuracy /= count;
  return std::move(sums_);
}

double IntegerFigures::loss_of(std::span<const std::int32_t> logits, std::size_t label) {
  values_.resize(logits.size());
  if (loss_ == study::Loss::mse) {
    std::ranges::transform(logits, values_.begin(), [&](double logit) { return logit * scale_; });
    return kernels::squared_error_of_image(values_, label);
  }
  const double largest = *std::ranges::max_element(logits);
  std::ranges::transform(logits, values_.begin(),
                         [&](double logit) { return (logit - largest) * scale_; });
  return kernels::cross_entropy_of_image(values_, label);
}

}  // namespace minima::engine
