#include "run/cost_model.h"

#include <cstdint>
#include <variant>
#include <vector>

#include "core/overloaded.h"
#include "study/layers.h"

namespace minima::run {
namespace {

// bench/cost_model/calibrate.py prints these.
constexpr StepWork kCosts{.dense_flop = 1.28,
                          .convolution_flop = 2.83,
                          .encoder_flop = 2.94,
                          .map_values = 62.5,
                          .token_values = 85.8,
                          .parameters = 98.6,
                          .pixels = 12.1,
                          .far_parameters = 284,
                          .far_pixels = 44.5,
                          .steps = 0};

double encoder_values(const study::EncoderSpec& encoder) {
  const double tokens = encoder.tokens;
  const double attention = encoder.tokens == 1 ? 0.0 : encoder.heads * tokens * tokens;
  return tokens * (3.0 * encoder.width + 4.0 * encoder.attention_width() + 2.0 * encoder.hidden) +
         attention;
}

// FLOP and values of one image.
void add_layer(const study::LayerSpec& layer, double flop, StepWork& work) {
  const auto outputs = static_cast<double>(layer.outputs());
  std::visit(Overloaded{[&](const study::DenseSpec&) { work.dense_flop += flop; },
                        [&](const study::ConvolutionSpec&) {
                          work.convolution_flop += flop;
                          work.map_values += outputs;
                        },
                        [&](const study::PoolingSpec& pooling) {
                          work.map_values += pooling.input.pixels();
                        },
                        [&](const study::EmbeddingSpec&) {
                          work.encoder_flop += flop;
                          work.token_values += outputs;
                        },
                        [&](const study::EncoderSpec& encoder) {
                          work.encoder_flop += flop;
                          work.token_values += encoder_values(encoder);
                        },
                        [&](const study::TokenPoolSpec& pool) {
                          work.token_values += 1.0 * pool.tokens * pool.width;
                        }},
             layer.what);
}

double sum_of(const StepWork& work, const StepWork& costs) {
  return work.dense_flop * costs.dense_flop + work.convolution_flop * costs.convolution_flop +
         work.encoder_flop * costs.encoder_flop + work.map_values * costs.map_values +
         work.token_values * costs.token_values + work.parameters * costs.parameters +
         work.pixels * costs.pixels + work.far_parameters * costs.far_parameters +
         work.far_pixels * costs.far_pixels + work.steps * costs.steps;
}

}  // namespace

StepWork step_work(const network::Architecture& architecture, const Problem& problem, int batch) {
  StepWork work{.steps = 1.0};
  const std::vector<study::LayerSpec> layers = study::layers_of(architecture, problem);
  const std::vector<std::int64_t> flops = study::training_flops(layers);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    add_layer(layers[i], static_cast<double>(flops[i]), work);
  }
  for (double* amount : {&work.dense_flop, &work.convolution_flop, &work.encoder_flop,
                         &work.map_values, &work.token_values}) {
    *amount *= batch;
  }
  const auto parameters = static_cast<double>(study::parameter_count(architecture, problem));
  const double pixels = 1.0 * problem.image.pixels() * batch;
  constexpr double kBytesPerParameter = 12;  // weight and two moments
  (parameters * kBytesPerParameter > kNearBytes ? work.far_parameters : work.parameters) =
      parameters;
  (pixels * sizeof(float) > kNearBytes ? work.far_pixels : work.pixels) = pixels;
  return work;
}

double peak_flop_of(const StepWork& work) {
  return sum_of(work, kCosts);
}

double forward_peak_flop_of(const StepWork& work) {
  StepWork forward = work;
  forward.parameters = forward.far_parameters = 0.0;
  return kForwardShare * sum_of(forward, kCosts);
}

}  // namespace minima::run
