#include "run/variants/integer_evaluation.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "compress/integer/integer_batch.h"
#include "compress/integer/integer_inference.h"
#include "kernels/training/image_loss.h"

namespace minima::run {
namespace {

/// `values` is scratch memory.
double loss_of(std::span<const std::int32_t> logits, double scale, study::Loss loss,
               std::size_t label, std::vector<double>& values) {
  values.resize(logits.size());
  if (loss == study::Loss::mse) {
    std::ranges::transform(logits, values.begin(), [&](double logit) { return logit * scale; });
    return kernels::squared_error_of_image(values, label);
  }
  const double largest = *std::ranges::max_element(logits);
  std::ranges::transform(logits, values.begin(),
                         [&](double logit) { return (logit - largest) * scale; });
  return kernels::cross_entropy_of_image(values, label);
}

}  // namespace

TestFigures evaluate_integers(const compress::IntegerNetwork& network, study::Loss loss,
                              const data::Split& split, compress::BatchedImages& images) {
  constexpr std::size_t kBatch = compress::BatchedImages::kImages;
  compress::IntegerBatchNetwork batch_network(network);
  const auto classes = static_cast<std::size_t>(network.problem.classes);
  const double scale = network.layers.back().reals.output_scale;
  std::vector<double> values;
  double sum = 0.0;
  std::int64_t correct = 0;
  std::vector<std::uint8_t> right(split.count(), 0);
  for (std::size_t batch = 0; batch < images.batches(); ++batch) {
    const std::span<const std::int32_t> logits = batch_network.logits(images, batch);
    for (std::size_t i = 0; i < images.images_in(batch); ++i) {
      const auto own = logits.subspan(i * classes, classes);
      const std::size_t image = batch * kBatch + i;
      const std::size_t label = split.labels[image];
      sum += loss_of(own, scale, loss, label, values);
      if (static_cast<std::size_t>(compress::predicted_class(own)) != label) continue;
      right[image] = 1;
      ++correct;
    }
  }
  const auto count = static_cast<double>(std::max<std::size_t>(split.count(), 1));
  return {.loss = sum / count,
          .accuracy = static_cast<double>(correct) / count,
          .right = std::move(right)};
}

}  // namespace minima::run
