#include "engine/cpu/run_state.h"

#include <algorithm>
#include <cmath>

#include "core/numbers/random.h"
#include "engine/class_weights.h"
#include "engine/initial_weights.h"
#include "engine/quantize_weights.h"

namespace minima::engine {

RunState::RunState(const study::Run& run, std::shared_ptr<const Network> network,
                   const RunConditions& conditions, std::int64_t steps_before,
                   std::vector<double> class_weights)
    : run_(&run),
      network_(std::move(network)),
      subject_(subject_of(run.id)),
      sink_(run.train, network_->parameter_floats(), network_->layers().size()),
      quantize_(conditions.weights),
      values_(quantize_ ? network_->parameter_floats() : 0),
      hook_(make_hook(conditions.activations)),
      class_weights_(std::move(class_weights)),
      image_weights_(class_weights_.empty() ? 0 : network_->batch().stride),
      steps_before_(steps_before) {
  if (conditions.parameters.empty()) {
    initialise(run, *network_, sink_.parameters());
  } else {
    scatter(*network_, conditions.parameters, sink_.parameters());
  }
  if (conditions.mask.empty()) return;
  std::vector<std::uint8_t> mask(network_->parameter_floats(), 1);
  scatter(*network_, conditions.mask, std::span(mask));
  sink_.apply_mask(mask);
  if (quantize_) mask_ = std::move(mask);
}

const float* RunState::compute_values() {
  if (!quantize_) return sink_.parameters().data();
  const std::vector<network::Tensor>& tensors = network_->graph().tensors;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const std::size_t offset = network_->offsets()[i];
    const auto part_of = [&](auto array) { return array.subspan(offset, tensors[i].count); };
    quantize(*quantize_, tensors[i],
             {.values = part_of(parameters()),
              .mask = mask_.empty() ? std::span<const std::uint8_t>{}
                                    : part_of(std::span<const std::uint8_t>(mask_))},
             part_of(values_.span()));
  }
  return values_.data();
}

ActivationHook* RunState::evaluation_hook() {
  if (hook_) hook_->set_training(false);
  return hook_.get();
}

void RunState::begin_epoch(int epoch) {
  epoch_ = epoch;
  learning_rate_ = run_->train.learning_rate *
                   study::schedule_factor(run_->train.schedule, epoch - 1, run_->train.epochs);
  epoch_steps_ = 0;
  epoch_images_ = 0;
  epoch_correct_ = 0;
  epoch_loss_ = 0.0;
  sink_.clear_squares();
}

// Null if all images count the same.
const float* RunState::image_weights(const Batch& batch) {
  if (class_weights_.empty()) return nullptr;
  const std::span<const std::int32_t> labels(batch.labels(), batch.images());
  const double factor = batch_factor(class_weights_, labels);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double weight = class_weights_[static_cast<std::size_t>(labels[i])];
    image_weights_[i] = static_cast<float>(factor * weight);
  }
  return image_weights_.data();
}

double RunState::step(const Batch& batch, float* workspace) {
  const float* values = compute_values();
  const DropoutKey dropout{.seed = run_->seed,
                           .subject = subject_,
                           .step = static_cast<std::uint32_t>(steps_before_ + steps_)};
  if (hook_) hook_->set_training(true);
  network_->forward(values, batch.input(), workspace, {}, &dropout, hook_.get());
  const kernels::LossSums sums =
      batch_loss(run_->train.loss, {.logits = network_->logits(workspace),
                                    .labels = batch.labels(),
                                    .classes = static_cast<std::size_t>(network_->classes()),
                                    .stride = network_->batch().stride,
                                    .count = batch.images(),
                                    .gradient = network_->logits_gradient(workspace),
                                    .weights = image_weights(batch)});
  ++steps_;
  const double loss = sums.loss / static_cast<double>(batch.images());
  if (!std::isfinite(loss)) {
    diverge();
    return loss;
  }
  last_loss_ = loss;
  sink_.begin_step(steps_, learning_rate_);
  network_->backward(values, batch.input(), workspace, sink_, &dropout, hook_.get());
  epoch_loss_ += sums.loss;
  epoch_correct_ += sums.correct;
  epoch_images_ += static_cast<std::int64_t>(batch.images());
  ++epoch_steps_;
  return loss;
}

void RunState::diverge() {
  result_.status = record::RunStatus::diverged;
  result_.diverged_step = steps_;
  if (steps_ == 1) return;
  // Squares that overflowed to infinity or NaN count as larger than any finite value. Among several
  // such layers the last one is reported, because the backward pass reached it first.
  record::LastStep last{.loss = last_loss_};
  for (std::size_t i = 0; i < sink_.step_squares().size(); ++i) {
    const double squares = sink_.step_squares()[i];
    const double norm = std::isfinite(squares) ? std::sqrt(squares) : HUGE_VAL;
    if (last.layer != 0 && norm < last.gradient_norm) continue;
    last.layer = static_cast<int>(i) + 1;
    last.gradient_norm = norm;
  }
  result_.last_step = last;
}

record::EpochRecord RunState::epoch_record() const {
  record::EpochRecord record;
  record.epoch = epoch_;
  record.learning_rate = learning_rate_;
  const auto images = static_cast<double>(std::max<std::int64_t>(epoch_images_, 1));
  record.train_loss = epoch_loss_ / images;
  record.train_accuracy = static_cast<double>(epoch_correct_) / images;
  const auto steps = static_cast<double>(std::max<std::int64_t>(epoch_steps_, 1));
  for (std::size_t i = 0; i < network_->layers().size(); ++i) {
    record.layers.push_back({.gradient_norm = std::sqrt(sink_.squares()[i] / steps),
                             .units = static_cast<int>(network_->layers()[i].outputs),
                             .dead_units = 0});
  }
  return record;
}

void add_test_figures(const Evaluator& evaluator, record::EpochRecord& record) {
  record.test_loss = evaluator.loss();
  record.test_accuracy = evaluator.accuracy();
  const std::vector<std::int64_t>& predicted = evaluator.predicted();
  const auto top = std::max_element(predicted.begin(), predicted.end());
  record.predicted_classes = static_cast<int>(
      std::count_if(predicted.begin(), predicted.end(), [](std::int64_t n) { return n > 0; }));
  record.top_class = static_cast<int>(top - predicted.begin());
  record.top_class_share = static_cast<double>(*top) / static_cast<double>(std::max<std::size_t>(
                                                           evaluator.predictions().size(), 1));
  for (std::size_t i = 0; i < record.layers.size(); ++i) {
    record.layers[i].dead_units = evaluator.dead_units(i);
  }
}

}  // namespace minima::engine
