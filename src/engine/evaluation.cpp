#include "engine/evaluation.h"

#include <algorithm>

#include "kernels/elementwise.h"

namespace minima::engine {

kernels::LossSums batch_loss(study::Loss loss, const kernels::LossArguments& arguments) {
  return loss == study::Loss::mse ? kernels::mean_squared_error(arguments)
                                  : kernels::softmax_cross_entropy(arguments);
}

Evaluator::Evaluator(const Network& network, study::Loss loss)
    : network_(&network),
      loss_(loss),
      predicted_(static_cast<std::size_t>(network.classes())),
      batch_predictions_(network.batch().stride) {
  for (const auto& layer : network.layers()) {
    row_max_.emplace_back(layer->has_relu() ? layer->outputs() : 0, 0.0F);
  }
}

void Evaluator::add(const float* parameters, const Batch& batch, float* workspace) {
  network_->forward(parameters, batch.input(), workspace);
  const std::size_t stride = network_->batch().stride;
  for (std::size_t i = 0; i < row_max_.size(); ++i) {
    if (row_max_[i].empty()) continue;
    kernels::update_row_max(network_->output(workspace, i), row_max_[i].size(), stride,
                            batch.images(), row_max_[i].data());
  }
  const kernels::LossSums sums =
      batch_loss(loss_, {.logits = network_->logits(workspace),
                         .labels = batch.labels(),
                         .classes = static_cast<std::size_t>(network_->classes()),
                         .stride = stride,
                         .count = batch.images(),
                         .gradient = nullptr,
                         .predictions = batch_predictions_.data()});
  loss_sum_ += sums.loss;
  correct_ += sums.correct;
  images_ += static_cast<std::int64_t>(batch.images());
  for (std::size_t b = 0; b < batch.images(); ++b) {
    predictions_.push_back(batch_predictions_[b]);
    ++predicted_[static_cast<std::size_t>(batch_predictions_[b])];
  }
}

double Evaluator::loss() const {
  return images_ == 0 ? 0.0 : loss_sum_ / static_cast<double>(images_);
}

double Evaluator::accuracy() const {
  return images_ == 0 ? 0.0 : static_cast<double>(correct_) / static_cast<double>(images_);
}

int Evaluator::dead_units(std::size_t layer) const {
  return static_cast<int>(std::count(row_max_[layer].begin(), row_max_[layer].end(), 0.0F));
}

}  // namespace minima::engine
