#include "run/variants/integer_evaluation.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "compress/integer/integer_batch.h"
#include "compress/integer/integer_inference.h"

namespace minima::run {
namespace {

// Softmax cross-entropy of one image.
double cross_entropy(std::span<const std::int32_t> logits, double scale, std::size_t label) {
  const double largest = *std::ranges::max_element(logits);
  double sum = 0.0;
  for (const std::int32_t logit : logits) sum += std::exp((logit - largest) * scale);
  return std::log(sum) - (logits[label] - largest) * scale;
}

// Squared error of one image against 0 and 1, averaged over classes.
double squared_error(std::span<const std::int32_t> logits, double scale, std::size_t label) {
  double sum = 0.0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double error = logits[i] * scale - (i == label ? 1.0 : 0.0);
    sum += error * error;
  }
  return sum / static_cast<double>(logits.size());
}

}  // namespace

TestFigures evaluate_integers(const compress::IntegerNetwork& network, study::Loss loss,
                              const data::Split& split, compress::BatchedImages& images) {
  constexpr std::size_t kBatch = compress::BatchedImages::kImages;
  compress::IntegerBatchNetwork batch_network(network);
  const auto classes = static_cast<std::size_t>(network.problem.classes);
  const double scale = network.layers.back().reals.output_scale;
  const auto error = loss == study::Loss::mse ? squared_error : cross_entropy;
  double sum = 0.0;
  std::int64_t correct = 0;
  std::vector<std::uint8_t> right(split.count(), 0);
  for (std::size_t batch = 0; batch < images.batches(); ++batch) {
    const std::span<const std::int32_t> logits = batch_network.logits(images, batch);
    for (std::size_t i = 0; i < images.images_in(batch); ++i) {
      const auto own = logits.subspan(i * classes, classes);
      const std::size_t image = batch * kBatch + i;
      const std::size_t label = split.labels[image];
      sum += error(own, scale, label);
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
