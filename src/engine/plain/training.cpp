#include "engine/plain/training.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

#include "core/numbers/random.h"
#include "engine/class_weights.h"
#include "engine/initial_weights.h"
#include "engine/plain/evaluation.h"
#include "engine/plain/optimizer.h"
#include "engine/quantize_weights.h"
#include "engine/shuffle.h"
#include "network/families/lower.h"
#include "record/run_result.h"

namespace minima::engine::plain {
namespace {

using Clock = std::chrono::steady_clock;
using Indices = std::span<const std::uint32_t>;

/// Sums over the steps of an epoch.
struct EpochSums {
  double steps = 0.0;
  double images = 0.0;
  double loss = 0.0;
  double correct = 0.0;
  Vector squares;  ///< per layer: of its gradients
};

class Training {
 public:
  Training(const PreparedDataset& dataset, const study::Run& run, const RunConditions& conditions,
           const TrainOptions& options, const std::stop_token& stop)
      : dataset_(dataset),
        run_(run),
        conditions_(conditions),
        options_(options),
        stop_(stop),
        network_(network::graph_of(run.architecture, dataset.problem())),
        parameters_(initial()),
        optimizer_(run.train.optimizer, parameters_.size()),
        activations_(conditions.activations),
        class_weights_(class_weights(run.train.class_weights, dataset.data().train,
                                     dataset.problem().classes)) {
    result_.epochs = options.first_epoch;
  }

  void train(std::size_t number, TrainObserver& observer);

 private:
  enum class End { epoch, diverged, stopped };

  [[nodiscard]] Vector initial() const;
  [[nodiscard]] bool is_masked(std::size_t parameter) const {
    return !conditions_.mask.empty() && conditions_.mask[parameter] == 0;
  }
  [[nodiscard]] End train_epoch(int epoch, std::size_t number, TrainObserver& observer);
  [[nodiscard]] double step(Indices batch, double learning_rate);
  [[nodiscard]] Vector image_weights(Indices batch) const;
  [[nodiscard]] Vector computed_values() const;
  void add_squares(const Vector& gradient);
  [[nodiscard]] bool add_record(int epoch);
  [[nodiscard]] bool add_last_figures();
  void add_test_figures(const Figures& figures, record::EpochRecord& record) const;
  void diverge();
  [[nodiscard]] std::optional<Figures> figures(SplitName split);
  [[nodiscard]] ReadWeights read_weights() const {
    return [this] { return std::vector<float>(parameters_.begin(), parameters_.end()); };
  }
  [[nodiscard]] bool out_of_steps() const {
    return options_.max_steps && steps_ >= *options_.max_steps;
  }
  [[nodiscard]] std::size_t steps_per_epoch() const {
    const auto batch = static_cast<std::size_t>(run_.train.batch);
    return (dataset_.data().train.count() + batch - 1) / batch;
  }

  const PreparedDataset& dataset_;
  const study::Run& run_;
  const RunConditions& conditions_;
  const TrainOptions& options_;
  const std::stop_token& stop_;
  PlainNetwork network_;
  Vector parameters_;
  PlainOptimizer optimizer_;
  Activations activations_;
  std::vector<double> class_weights_;  // empty: all images count the same
  record::RunResult result_;
  EpochSums sums_;
  Vector last_squares_;  // per layer: of the last step
  double last_loss_ = 0.0;
  std::int64_t steps_ = 0;
};

Vector Training::initial() const {
  std::vector<float> values(conditions_.parameters.begin(), conditions_.parameters.end());
  if (values.empty()) values = initial_parameters(run_, dataset_.problem());
  network::check_sizes(network_.graph(), values.size(), conditions_.mask);
  Vector parameters(values.begin(), values.end());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (is_masked(i)) parameters[i] = 0.0;
  }
  return parameters;
}

void Training::train(std::size_t number, TrainObserver& observer) {
  const auto begin = Clock::now();
  End end = End::epoch;
  for (int epoch = options_.first_epoch + 1; epoch <= run_.train.epochs; ++epoch) {
    end = train_epoch(epoch, number, observer);
    if (end != End::epoch) break;
    if (!add_record(epoch)) return;
    observer.on_epoch(number, result_.history.back(), read_weights());
    if (out_of_steps()) break;
  }
  if (end == End::stopped) return;
  if (end == End::epoch) {
    if (options_.evaluate && !add_last_figures()) return;
    result_.status = record::RunStatus::finished;
  }
  result_.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  observer.on_end(number, std::move(result_), read_weights());
}

Training::End Training::train_epoch(int epoch, std::size_t number, TrainObserver& observer) {
  sums_ = {.squares = Vector(network_.graph().layers.size(), 0.0)};
  const double learning_rate =
      run_.train.learning_rate *
      study::schedule_factor(run_.train.schedule, epoch - 1, run_.train.epochs);
  const std::vector<std::uint32_t> order = shuffled_indices(
      dataset_.data().train.count(), run_.seed, run_.dataset, run_.replicate, epoch);
  const auto batch = static_cast<std::size_t>(run_.train.batch);
  for (std::size_t begin = 0; begin < order.size(); begin += batch) {
    if (stop_.stop_requested()) return End::stopped;
    if (out_of_steps()) break;
    const double loss =
        step(Indices(order).subspan(begin, std::min(batch, order.size() - begin)), learning_rate);
    if (options_.report_steps) observer.on_step(number, steps_, loss);
    if (!std::isfinite(loss)) {
      diverge();
      return End::diverged;
    }
  }
  return End::epoch;
}

// Returns the mean loss. If it is not finite, changes no weights.
double Training::step(Indices batch, double learning_rate) {
  const auto before = static_cast<std::int64_t>(steps_per_epoch()) * options_.first_epoch;
  const Dropout dropout{.seed = run_.seed,
                        .subject = subject_of(run_.id),
                        .step = static_cast<std::uint32_t>(before + steps_)};
  const Vector values = computed_values();
  activations_.set_training(true);
  const Pass pass =
      network_.forward(values, images_of(dataset_, SplitName::train, run_.train.scaling, batch),
                       activations_, &dropout);
  ++steps_;
  const auto count = static_cast<double>(batch.size());
  double loss = 0.0;
  double correct = 0.0;
  const Vector weights = image_weights(batch);
  Images gradient;
  for (std::size_t b = 0; b < batch.size(); ++b) {
    const std::uint16_t label = dataset_.data().train.labels[batch[b]];
    ImageLoss image = loss_of(run_.train.loss, pass.outputs.back()[b], label);
    loss += weights[b] * image.loss;
    correct += image.predicted == label ? 1.0 : 0.0;
    for (double& value : image.gradient) value = weights[b] * value / count;
    gradient.push_back(std::move(image.gradient));
  }
  if (!std::isfinite(loss)) return loss;
  Vector parameter_gradient =
      network_.backward(values, pass, std::move(gradient), activations_, &dropout);
  for (std::size_t i = 0; i < parameter_gradient.size(); ++i) {
    if (is_masked(i)) parameter_gradient[i] = 0.0;
  }
  add_squares(parameter_gradient);
  optimizer_.step(parameter_gradient, learning_rate, parameters_);
  // Weights are floats for every observer, so that a training can continue from them.
  for (double& value : parameters_) value = static_cast<float>(value);
  sums_.steps += 1.0;
  sums_.images += count;
  sums_.loss += loss;
  sums_.correct += correct;
  last_loss_ = loss / count;
  return last_loss_;
}

// Their mean is 1.
Vector Training::image_weights(Indices batch) const {
  if (class_weights_.empty()) return Vector(batch.size(), 1.0);
  std::vector<std::int32_t> labels;
  for (const std::uint32_t image : batch) labels.push_back(dataset_.data().train.labels[image]);
  const double factor = batch_factor(class_weights_, labels);
  Vector weights;
  for (const std::int32_t label : labels) {
    weights.push_back(factor * class_weights_[static_cast<std::size_t>(label)]);
  }
  return weights;
}

Vector Training::computed_values() const {
  if (!conditions_.weights) return parameters_;
  const std::vector<float> weights(parameters_.begin(), parameters_.end());
  std::vector<float> values(weights.size());
  for (const network::Tensor& tensor : network_.graph().tensors) {
    quantize(*conditions_.weights, tensor,
             {.values = tensor.of(std::span<const float>(weights)),
              .mask = conditions_.mask.empty() ? conditions_.mask : tensor.of(conditions_.mask)},
             tensor.of(std::span(values)));
  }
  return {values.begin(), values.end()};
}

void Training::add_squares(const Vector& gradient) {
  last_squares_.assign(sums_.squares.size(), 0.0);
  for (const network::Tensor& tensor : network_.graph().tensors) {
    for (const double g : tensor.of(std::span<const double>(gradient))) {
      last_squares_[tensor.layer] += g * g;
    }
  }
  for (std::size_t i = 0; i < last_squares_.size(); ++i) sums_.squares[i] += last_squares_[i];
}

// Records an epoch; false if a stop was requested.
bool Training::add_record(int epoch) {
  record::EpochRecord record;
  record.epoch = epoch;
  record.learning_rate = run_.train.learning_rate *
                         study::schedule_factor(run_.train.schedule, epoch - 1, run_.train.epochs);
  record.train_loss = sums_.loss / std::max(sums_.images, 1.0);
  record.train_accuracy = sums_.correct / std::max(sums_.images, 1.0);
  const network::Graph& graph = network_.graph();
  for (std::size_t i = 0; i < graph.layers.size(); ++i) {
    record.layers.push_back(
        {.gradient_norm = std::sqrt(sums_.squares[i] / std::max(sums_.steps, 1.0)),
         .units = static_cast<int>(graph.outputs_of(graph.layers[i])),
         .dead_units = 0});
  }
  if (options_.evaluate) {
    const std::optional<Figures> test = figures(SplitName::test);
    if (!test) return false;
    add_test_figures(*test, record);
    const std::vector<int>& predictions = test->evaluation.predictions;
    result_.predictions.test.assign(predictions.begin(), predictions.end());
  }
  result_.epochs = epoch;
  result_.test_loss = record.test_loss;
  result_.test_accuracy = record.test_accuracy;
  result_.history.push_back(std::move(record));
  return true;
}

void Training::add_test_figures(const Figures& figures, record::EpochRecord& record) const {
  record.test_loss = figures.evaluation.loss;
  record.test_accuracy = figures.evaluation.accuracy;
  std::vector<int> counts(static_cast<std::size_t>(dataset_.problem().classes), 0);
  for (const int predicted : figures.evaluation.predictions) {
    ++counts[static_cast<std::size_t>(predicted)];
  }
  const auto top = std::ranges::max_element(counts);
  record.predicted_classes =
      static_cast<int>(std::ranges::count_if(counts, [](int n) { return n > 0; }));
  record.top_class = static_cast<int>(top - counts.begin());
  record.top_class_share =
      *top / static_cast<double>(std::max<std::size_t>(figures.evaluation.predictions.size(), 1));
  for (std::size_t i = 0; i < record.layers.size(); ++i) {
    record.layers[i].dead_units = figures.dead_units[i];
  }
}

bool Training::add_last_figures() {
  const std::optional<Figures> train = figures(SplitName::train);
  const std::optional<Figures> validation = figures(SplitName::validation);
  if (!train || !validation) return false;
  result_.train_loss = train->evaluation.loss;
  result_.train_accuracy = train->evaluation.accuracy;
  if (dataset_.data().validation.count() == 0) return true;
  result_.validation_accuracy = validation->evaluation.accuracy;
  const std::vector<int>& predictions = validation->evaluation.predictions;
  result_.predictions.validation.assign(predictions.begin(), predictions.end());
  return true;
}

std::optional<Figures> Training::figures(SplitName split) {
  const Vector values = computed_values();
  return figures_of({.network = network_,
                     .parameters = values,
                     .activations = activations_,
                     .scaling = run_.train.scaling,
                     .loss = run_.train.loss},
                    dataset_, split, stop_);
}

void Training::diverge() {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  result_.status = record::RunStatus::diverged;
  result_.diverged_step = steps_;
  result_.train_loss = result_.train_accuracy = result_.test_loss = result_.test_accuracy = kNone;
  result_.predictions = {};
  if (steps_ == 1) return;
  // Among equal layers the last one is reported, as by the other backends.
  record::LastStep last{.loss = last_loss_};
  for (std::size_t i = 0; i < last_squares_.size(); ++i) {
    const double norm = std::isfinite(last_squares_[i]) ? std::sqrt(last_squares_[i]) : HUGE_VAL;
    if (last.layer != 0 && norm < last.gradient_norm) continue;
    last.layer = static_cast<int>(i) + 1;
    last.gradient_norm = norm;
  }
  result_.last_step = last;
}

}  // namespace

void train_run(const PreparedDataset& dataset, std::span<const study::Run> cohort,
               std::size_t number, const TrainOptions& options, TrainObserver& observer,
               const std::stop_token& stop) {
  const RunConditions conditions =
      options.conditions.empty() ? RunConditions{} : options.conditions[number];
  Training(dataset, cohort[number], conditions, options, stop).train(number, observer);
}

}  // namespace minima::engine::plain
