// Measures the cost of the signals recorded for every run, as a fraction of its training time.
//
//   minima_signal_cost [ARCHITECTURE...]
//
// Two comparisons, each in turns on one core, so that a busy machine slows both sides down:
//   gradient norms   training steps, with and without the sums of squares of their gradients.
//   test signals     forward passes and losses over test images, with and without the largest
//                    activation of each unit and the count of predicted classes.
// The fraction is for an epoch with six training images per test image, as in MNIST, for a single
// run without batch loading. In a cohort it is smaller.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "adam_without_squares.h"
#include "core/numbers/random.h"
#include "engine/cpu/batch.h"
#include "engine/cpu/evaluation.h"
#include "engine/cpu/optimizer_sink.h"
#include "engine/initial_weights.h"
#include "engine/network/network.h"
#include "engine/network/parameter_layout.h"
#include "statistics/statistics.h"

namespace {

using namespace minima;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kImages = 100;  // per batch
constexpr int kTurns = 101;
constexpr double kTurnSeconds = 0.005;
constexpr double kTrainPerTest = 6.0;

data::Dataset noise() {
  data::Dataset dataset;
  dataset.name = "noise";
  dataset.shape = {1, 28, 28};
  dataset.class_names.assign(10, "class");
  RandomStream random(1, 0, Purpose::generated_image);
  for (std::size_t i = 0; i < kImages; ++i) {
    dataset.train.labels.push_back(static_cast<std::uint16_t>(i % 10));
    for (std::int64_t p = 0; p < dataset.shape.pixels(); ++p) {
      dataset.train.images.push_back(static_cast<std::uint8_t>(random.below(256)));
    }
  }
  return dataset;
}

// Adam on the arrays of an OptimizerSink, without the sums of squares.
class WithoutNorms final : public engine::GradientSink {
 public:
  WithoutNorms(engine::OptimizerSink& sink, std::size_t floats) : sink_(sink), floats_(floats) {}

  void accept(std::size_t, std::size_t offset, std::span<const float> gradient) override {
    float* weights = sink_.parameters().data() + offset;  // followed by first and second moments
    kernels::adam_without_squares(step_, gradient.data(), gradient.size(), weights,
                                  weights + floats_, weights + 2 * floats_);
  }
  void accept_zeros(std::size_t layer, std::size_t offset, std::size_t count) override {
    sink_.accept_zeros(layer, offset, count);
  }

 private:
  engine::OptimizerSink& sink_;
  std::size_t floats_;
  kernels::AdamStep step_;
};

// One network with its batch, for training or evaluation.
class Subject {
 public:
  Subject(const data::Dataset& dataset, const std::string& architecture)
      : run_(study::make_run(dataset.name, network::Architecture::parse(architecture), 0, 1, {})),
        network_(run_.architecture, dataset.problem(), engine::batch_shape(kImages)),
        sink_(run_.train, network_.parameter_floats(), network_.layers().size()),
        bare_(sink_, network_.parameter_floats()),
        batch_(dataset.shape, network_.batch(), engine::pixel_scaling(run_.train.scaling, dataset)),
        workspace_(network_.workspace_floats()),
        predictions_(network_.batch().stride),
        predicted_(static_cast<std::size_t>(network_.classes())) {
    engine::initialise(run_, network_, sink_.parameters());
    std::vector<std::uint32_t> indices(kImages);
    for (std::uint32_t i = 0; i < kImages; ++i) indices[i] = i;
    batch_.load(dataset.train, indices);
    for (const engine::LayerInfo& layer : network_.layers()) {
      unit_max_.emplace_back(layer.units_that_can_die, 0.0F);
    }
  }

  void train(bool norms) {
    // Always uses the first step's learning rate and correction, so that every timing is
    // comparable.
    sink_.begin_step(1, 0.0);
    network_.forward(parameters(), batch_.input(), workspace_.data());
    (void)engine::batch_loss(run_.train.loss, loss(true, false));
    engine::GradientSink* sink = &sink_;
    if (!norms) sink = &bare_;
    network_.backward(parameters(), batch_.input(), workspace_.data(), *sink);
  }

  void test(bool signals) {
    std::span<std::vector<float>> units(unit_max_);
    network_.forward(parameters(), batch_.input(), workspace_.data(),
                     signals ? units : units.first(0));
    (void)engine::batch_loss(run_.train.loss, loss(false, signals));
    for (std::size_t b = 0; signals && b < kImages; ++b) {
      ++predicted_[static_cast<std::size_t>(predictions_[b])];
    }
  }

 private:
  [[nodiscard]] const float* parameters() const { return sink_.parameters().data(); }
  kernels::LossArguments loss(bool gradient, bool predictions) {
    return {.logits = network_.logits(workspace_.data()),
            .labels = batch_.labels(),
            .classes = static_cast<std::size_t>(network_.classes()),
            .stride = network_.batch().stride,
            .count = kImages,
            .gradient = gradient ? network_.logits_gradient(workspace_.data()) : nullptr,
            .predictions = predictions ? predictions_.data() : nullptr};
  }

  study::Run run_;
  engine::Network network_;
  engine::OptimizerSink sink_;
  WithoutNorms bare_;
  engine::Batch batch_;
  AlignedBuffer<float> workspace_;
  AlignedBuffer<std::int32_t> predictions_;
  std::vector<std::int64_t> predicted_;
  std::vector<std::vector<float>> unit_max_;
};

double seconds_of(int times, const std::function<void()>& action) {
  const Clock::time_point begin = Clock::now();
  for (int i = 0; i < times; ++i) action();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

struct Comparison {
  double without = 0.0;  // seconds per call
  double extra = 0.0;
};

// Alternates the order every turn and takes medians.
Comparison compare(const std::function<void(bool)>& action) {
  int times = 1;
  while (seconds_of(times, [&] { action(true); }) < kTurnSeconds) times *= 2;
  std::vector<double> without;
  std::vector<double> extra;
  for (int turn = 0; turn < kTurns; ++turn) {
    std::array<double, 2> seconds{};
    for (const bool second : {false, true}) {
      const bool with = second != (turn % 2 == 0);
      seconds[with ? 1 : 0] = seconds_of(times, [&] { action(with); }) / times;
    }
    without.push_back(seconds[0]);
    extra.push_back(seconds[1] - seconds[0]);
  }
  return {.without = quantile(without, 0.5), .extra = quantile(extra, 0.5)};
}

void measure(const data::Dataset& dataset, const std::string& architecture) {
  Subject subject(dataset, architecture);
  const Comparison norms = compare([&](bool with) { subject.train(with); });
  const Comparison signals = compare([&](bool with) { subject.test(with); });
  const double epoch =
      kTrainPerTest * (norms.without + norms.extra) + signals.without + signals.extra;
  const double norms_share = kTrainPerTest * norms.extra / epoch;
  const double signals_share = signals.extra / epoch;
  fmt::print(
      "{:16} step {:8.2f} us, norms {:+6.2f} us; test batch {:8.2f} us, signals "
      "{:+6.2f} us; share {:4.2f} % + {:4.2f} % = {:4.2f} %\n",
      architecture, norms.without * 1e6, norms.extra * 1e6, signals.without * 1e6,
      signals.extra * 1e6, norms_share * 100, signals_share * 100,
      (norms_share + signals_share) * 100);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> architectures(argv + 1, argv + argc);
  if (architectures.empty())
    architectures = {"dnn 1", "dnn 5-5", "dnn 50-50", "cnn 4", "vit d32 h4 l2 p7"};
  const data::Dataset dataset = noise();
  for (const std::string& architecture : architectures) measure(dataset, architecture);
}
