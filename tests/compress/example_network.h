// Networks with random weights, images with some structure, and activation ranges.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "compress/integer/build_integer_network.h"
#include "compress/quantize/activation_histogram.h"
#include "core/numbers/random.h"
#include "network/families/lower.h"
#include "plain_network.h"

namespace minima::compress {

enum class Pixels { unit, standardised };

/// He-normal weights, biases of sd 0.1; images of blurred noise.
class ExampleNetwork {
 public:
  ExampleNetwork(const std::string& architecture, const ImageShape& image, Pixels scaling,
                 std::size_t images = 40)
      : architecture_(network::Architecture::parse(architecture)), problem_{image, 10} {
    draw_parameters();
    draw_images(images);
    for (int c = 0; c < image.channels; ++c) {
      const bool unit = scaling == Pixels::unit;
      // Differs between channels, except with unit scaling.
      const float sd = unit ? 1.0F : 0.2F + 0.05F * static_cast<float>(c);
      pixel_scale_.push_back(1.0F / (255.0F * sd));
      pixel_shift_.push_back(unit ? 0.0F : -0.4F / sd);
    }
    calibrate();
  }
  ExampleNetwork(const ExampleNetwork&) = delete;
  ExampleNetwork& operator=(const ExampleNetwork&) = delete;

  [[nodiscard]] TrainedNetwork trained() const {
    return {.architecture = architecture_,
            .problem = problem_,
            .parameters = parameters_,
            .mask = mask_,
            .pixel_scale = pixel_scale_,
            .pixel_shift = pixel_shift_};
  }
  [[nodiscard]] std::vector<float>& parameters() { return parameters_; }
  [[nodiscard]] std::vector<std::uint8_t>& mask() { return mask_; }
  [[nodiscard]] std::vector<Range>& ranges() { return ranges_; }
  [[nodiscard]] std::size_t image_count() const { return images_.size() / pixels(); }
  [[nodiscard]] std::span<const std::uint8_t> images() const { return images_; }
  [[nodiscard]] std::span<const std::uint8_t> image(std::size_t i) const {
    return images().subspan(i * pixels(), pixels());
  }

  /// Rounds the weights to values that the quantizer does not change, and calibrates again.
  void round_weights(const QuantizerSettings& settings) {
    for (const network::Tensor& tensor : network::graph_of(architecture_, problem_).tensors) {
      if (tensor.role != network::Role::weight) continue;
      const std::span<float> values = tensor.of(std::span(parameters_));
      fake_quantize({.values = values, .channels = tensor.rows()}, settings, values);
    }
    ranges_.clear();
    calibrate();
  }

  [[nodiscard]] IntegerBuild build(const IntegerSettings& settings) const {
    return build_integer_network(trained(), ranges_, settings);
  }

 private:
  [[nodiscard]] std::size_t pixels() const {
    return static_cast<std::size_t>(problem_.image.pixels());
  }

  void draw_parameters() {
    RandomStream random(1, 1, Purpose::initial_weights);
    for (const network::Tensor& tensor : network::graph_of(architecture_, problem_).tensors) {
      const bool is_bias = tensor.spec.name.ends_with("bias");
      const double sd = is_bias ? 0.1 : std::sqrt(2.0 / std::max(tensor.initial.fan_in, 1));
      for (std::size_t i = 0; i < tensor.count; ++i) {
        parameters_.push_back(static_cast<float>(sd * random.normal()));
      }
    }
  }

  void draw_images(std::size_t count) {
    RandomStream random(1, 1, Purpose::generated_image);
    double value = 128.0;
    for (std::size_t i = 0; i < count * pixels(); ++i) {
      value = std::clamp(value + 40.0 * random.normal(), 0.0, 255.0);
      images_.push_back(static_cast<std::uint8_t>(value));
    }
  }

  void calibrate() {
    std::vector<ActivationHistogram> histograms(
        network::graph_of(architecture_, problem_).layers.size());
    for (std::size_t i = 0; i < image_count(); ++i) {
      const std::vector<Values> outputs = plain_outputs(trained(), image(i));
      for (std::size_t layer = 0; layer < outputs.size(); ++layer) {
        histograms[layer].add(std::vector<float>(outputs[layer].begin(), outputs[layer].end()));
      }
    }
    for (const ActivationHistogram& histogram : histograms) {
      ranges_.push_back(histogram.full_range());
    }
  }

  network::Architecture architecture_;
  Problem problem_;
  std::vector<float> parameters_;
  std::vector<std::uint8_t> mask_;
  std::vector<float> pixel_scale_;
  std::vector<float> pixel_shift_;
  std::vector<std::uint8_t> images_;
  std::vector<Range> ranges_;
};

/// Small networks with every kind of layer and setting.
inline std::vector<std::string> example_architectures() {
  return {"dnn linear",   "dnn 16-12",         "cnn 3",
          "cnn 4-5 max2", "cnn 4-6 pad1 avg2", "cnn 5-4 k5 s2 pad2 gap"};
}

}  // namespace minima::compress
