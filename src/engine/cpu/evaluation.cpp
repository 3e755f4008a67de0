#include "engine/cpu/evaluation.h"

#include <algorithm>
#include <numeric>

namespace minima::engine {

kernels::LossSums batch_loss(study::Loss loss, const kernels::LossArguments& arguments) {
  return loss == study::Loss::mse ? kernels::mean_squared_error(arguments)
                                  : kernels::softmax_cross_entropy(arguments);
}

Evaluator::Evaluator(const Network& network, study::Loss loss, Units units)
    : network_(&network),
      loss_(loss),
      predicted_(static_cast<std::size_t>(network.classes())),
      batch_predictions_(network.batch().stride) {
  if (units == Units::ignored) return;
  for (const LayerInfo& layer : network.layers())
    unit_max_.emplace_back(layer.units_that_can_die, 0.0F);
}

void Evaluator::add(const float* parameters, const Batch& batch, float* workspace,
                    ActivationHook* activations) {
  network_->forward(parameters, batch.input(), workspace, unit_max_, nullptr, activations);
  const kernels::LossSums sums =
      batch_loss(loss_, {.logits = network_->logits(workspace),
                         .labels = batch.labels(),
                         .classes = static_cast<std::size_t>(network_->classes()),
                         .stride = network_->batch().stride,
                         .count = batch.images(),
                         .gradient = nullptr,
                         .predictions = batch_predictions_.data()});
  if (keeps_logits_) add_logits(network_->logits(workspace), batch.images());
  loss_sum_ += sums.loss;
  correct_ += sums.correct;
  images_ += static_cast<std::int64_t>(batch.images());
  const auto predictions = batch_predictions_.span().first(batch.images());
  predictions_.insert(predictions_.end(), predictions.begin(), predictions.end());
  for (const std::int32_t predicted : predictions) {
    ++predicted_[static_cast<std::size_t>(predicted)];
  }
}

// logits: [class][image].
void Evaluator::add_logits(const float* logits, std::size_t images) {
  const auto classes = static_cast<std::size_t>(network_->classes());
  for (std::size_t i = 0; i < images; ++i) {
    for (std::size_t c = 0; c < classes; ++c) {
      logits_.push_back(logits[c * network_->batch().stride + i]);
    }
  }
}

double Evaluator::loss() const {
  return images_ == 0 ? 0.0 : loss_sum_ / static_cast<double>(images_);
}

double Evaluator::accuracy() const {
  return images_ == 0 ? 0.0 : static_cast<double>(correct_) / static_cast<double>(images_);
}

int Evaluator::dead_units(std::size_t layer) const {
  if (unit_max_.empty()) return 0;
  return static_cast<int>(std::count(unit_max_[layer].begin(), unit_max_[layer].end(), 0.0F));
}

std::vector<std::uint32_t> all_indices(std::size_t count) {
  std::vector<std::uint32_t> indices(count);
  std::iota(indices.begin(), indices.end(), 0U);
  return indices;
}

}  // namespace minima::engine
