#include "run/estimate/cost_model.h"

#include <cstdint>
#include <variant>
#include <vector>

#include "core/overloaded.h"
#include "network/derive/work.h"
#include "network/families/lower.h"

namespace minima::run {
namespace {

/// FLOP at peak speed that take as long as one unit of each amount of StepWork, under its name.
struct UnitCosts {
  double dense_flop;
  double convolution_flop;
  double encoder_flop;
  double map_values;
  double token_values;
  double parameters;
  double pixels;
  double far_parameters;
  double far_pixels;
  double steps;
};

// Fitted values, printed by bench/cost_model/calibrate.py.
constexpr UnitCosts kCosts{.dense_flop = 1.28,
                           .convolution_flop = 2.83,
                           .encoder_flop = 2.94,
                           .map_values = 62.5,
                           .token_values = 85.8,
                           .parameters = 98.6,
                           .pixels = 12.1,
                           .far_parameters = 284,
                           .far_pixels = 44.5,
                           .steps = 0};

// Values of one image that are swept between the matrix products. Outputs of linear operations
// count only in token layers, whose matrix products are small and many. Norms and poolings of
// tokens count half, as in the calibration.
double values_of(const network::Graph& graph, const network::Op& op) {
  using namespace network;
  const auto outputs = static_cast<double>(op.outputs());
  return std::visit(
      Overloaded{[&](const Linear&) {
                   if (graph.is_whole_layer(op)) return 0.0;
                   return op.activation == Activation::none ? outputs : 2.0 * outputs;
                 },
                 [&](const Attention& attention) {
                   const double tokens = attention.tokens;
                   return attention.tokens == 1 ? outputs
                                                : outputs + attention.heads * tokens * tokens;
                 },
                 [&](const Convolution&) { return outputs; },
                 [](const Pooling& pooling) { return 1.0 * pooling.input.pixels(); },
                 [](const Patches&) { return 0.0; },
                 [](const ClassToken& token) { return 1.0 * token.width; },
                 [](const Positions&) { return 0.0; },
                 [&](const LayerNorm&) { return 0.5 * outputs; }, [](const Add&) { return 0.0; },
                 [](const TokenPooling& pooling) { return 0.5 * pooling.tokens * pooling.width; }},
      op.what);
}

bool is_of_maps(const network::Op& op) {
  return std::holds_alternative<network::Convolution>(op.what) ||
         std::holds_alternative<network::Pooling>(op.what);
}

// Adds the FLOP and values of one image.
void add_layers(const network::Graph& graph, StepWork& work) {
  const std::vector<std::int64_t> flops = network::training_flops(graph);
  for (std::size_t i = 0; i < graph.layers.size(); ++i) {
    const std::span<const network::Op> ops = graph.ops_of(graph.layers[i]);
    const auto flop = static_cast<double>(flops[i]);
    const bool maps = is_of_maps(ops.front());
    (maps ? work.convolution_flop : ops.size() > 1 ? work.encoder_flop : work.dense_flop) += flop;
    for (const network::Op& op : ops) {
      (maps ? work.map_values : work.token_values) += values_of(graph, op);
    }
  }
}

double cost_of(const StepWork& work) {
  return work.dense_flop * kCosts.dense_flop + work.convolution_flop * kCosts.convolution_flop +
         work.encoder_flop * kCosts.encoder_flop + work.map_values * kCosts.map_values +
         work.token_values * kCosts.token_values + work.parameters * kCosts.parameters +
         work.pixels * kCosts.pixels + work.far_parameters * kCosts.far_parameters +
         work.far_pixels * kCosts.far_pixels + work.steps * kCosts.steps;
}

}  // namespace

StepWork step_work(const network::Architecture& architecture, const Problem& problem,
                   const study::TrainSettings& train) {
  StepWork work{.steps = 1.0};
  const network::Graph graph = network::graph_of(architecture, problem);
  add_layers(graph, work);
  for (double* amount : {&work.dense_flop, &work.convolution_flop, &work.encoder_flop,
                         &work.map_values, &work.token_values}) {
    *amount *= train.batch;
  }
  const auto parameters = static_cast<double>(graph.parameters());
  const double pixels = 1.0 * problem.image.pixels() * train.batch;
  const double bytes = parameters * train.optimizer.values_per_parameter() * sizeof(float);
  (bytes > kNearBytes ? work.far_parameters : work.parameters) = parameters;
  (pixels * sizeof(float) > kNearBytes ? work.far_pixels : work.pixels) = pixels;
  return work;
}

double peak_flop_of(const StepWork& work) {
  return cost_of(work);
}

double forward_peak_flop_of(const StepWork& work) {
  StepWork forward = work;
  forward.parameters = forward.far_parameters = 0.0;
  return kForwardShare * cost_of(forward);
}

}  // namespace minima::run
