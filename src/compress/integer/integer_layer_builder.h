// Builds one layer of an integer network at a time; used by build_integer_network.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "compress/integer/build_integer_network.h"
#include "network/graph.h"

namespace minima::compress {

/// Thrown internally while a network is built; never leaves build_integer_network().
struct Refused {
  IntegerBuild::Refusal refusal;
  std::string reason;
};

struct LayerParameters {
  std::span<const float> weights;  ///< empty for pooling
  std::span<const float> biases;
  std::span<const std::uint8_t> mask;  ///< of the weights; may be empty
};

/// Activations between two layers: value = code x scale. For pixels, value = code x scale x
/// relative[channel] + shift[channel].
struct Activations {
  ImageShape shape;
  double scale = 1.0;
  std::int32_t high = 255;
  std::vector<double> relative;  ///< [channels], at most 1; pixels only
  std::vector<double> shift;     ///< [channels]; pixels only
};

[[nodiscard]] Activations pixels(const TrainedNetwork& trained);

class LayerBuilder {
 public:
  LayerBuilder(const IntegerSettings& settings, Activations input, LayerParameters parameters,
               const Range& output_range);

  /// Throws Refused, with the layer's name in the reason.
  [[nodiscard]] IntegerLayer build(const std::string& name, const network::Op& op, bool is_last);
  /// The outputs of the layer that was built.
  [[nodiscard]] Activations outputs() const;

 private:
  void add(const network::Linear& linear);
  void add(const network::Convolution& convolution);
  void add(const network::Pooling& pooling);
  template <typename Other>
  void add(const Other& other);

  void add_products();
  [[nodiscard]] std::size_t input_channel(std::size_t weight) const;
  [[nodiscard]] std::vector<float> weights_of_pixels() const;
  void add_weights();
  void add_biases();
  void check_accumulators();
  [[nodiscard]] double accumulator_scale(std::size_t output) const;
  void scale_outputs();
  void scale_logits();
  void add_requantization(std::span<const double> factors);

  const IntegerSettings& settings_;
  Activations input_;
  LayerParameters parameters_;
  Range range_;
  IntegerLayer layer_;
  std::vector<double> largest_;  // [outputs]: largest possible |accumulator|
};

}  // namespace minima::compress
