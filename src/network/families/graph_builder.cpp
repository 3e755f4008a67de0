#include "network/families/graph_builder.h"

#include <fmt/format.h>

#include <utility>

#include "core/numbers/saturating.h"
#include "core/text.h"
#include "network/families/lower.h"
#include "network/limits.h"

namespace minima::network {
namespace {

/// Standard deviation of the initial positions and class token, as in Dosovitskiy et al. 2021.
constexpr float kTokenSd = 0.02F;

}  // namespace

void GraphBuilder::begin_layer(std::string name) {
  graph_.layers.push_back({.name = std::move(name),
                           .first_op = graph_.ops.size(),
                           .first_tensor = graph_.tensors.size()});
}

int GraphBuilder::add(Op op) {
  op.layer = graph_.layers.size() - 1;
  ++graph_.layers.back().ops;
  graph_.ops.push_back(std::move(op));
  return last();
}

std::size_t GraphBuilder::add_tensor(const std::string& name, std::vector<std::int64_t> shape,
                                     Role role, const Initial& initial) {
  Layer& layer = graph_.layers.back();
  Tensor tensor{.spec = {.name = layer.name + name, .shape = std::move(shape)},
                .role = role,
                .initial = initial,
                .layer = graph_.layers.size() - 1,
                .begin = static_cast<std::size_t>(graph_.parameters())};
  tensor.count = static_cast<std::size_t>(tensor.spec.count());
  ++layer.tensors;
  graph_.tensors.push_back(std::move(tensor));
  return graph_.tensors.size() - 1;
}

std::vector<std::size_t> GraphBuilder::linear_tensors(const std::string& part, int inputs,
                                                      int outputs) {
  const Initial drawn{.fan_in = inputs, .fan_out = outputs};
  const std::size_t weight = add_tensor(part + ".weight", {outputs, inputs}, Role::weight, drawn);
  return {weight, add_tensor(part + ".bias", {outputs}, Role::bias, drawn)};
}

std::vector<std::size_t> GraphBuilder::convolution_tensors(const Convolution& convolution) {
  const int taps = convolution.kernel * convolution.kernel;
  const int channels = convolution.input.channels;
  const int filters = convolution.filters;
  const std::size_t weight =
      add_tensor(".weight", {filters, channels, convolution.kernel, convolution.kernel},
                 Role::weight, {.fan_in = channels * taps, .fan_out = filters * taps});
  return {weight, add_tensor(".bias", {filters}, Role::bias,
                             {.fan_in = channels * taps, .fan_out = filters})};
}

std::vector<std::size_t> GraphBuilder::norm_tensors(const std::string& part, int width) {
  const std::size_t scale = add_tensor(part + ".weight", {width}, Role::scale, {.value = 1.0F});
  return {scale, add_tensor(part + ".bias", {width}, Role::shift, {})};
}

std::vector<std::size_t> GraphBuilder::learned_token(const std::string& part, Role role,
                                                     std::vector<std::int64_t> shape) {
  return {add_tensor(part, std::move(shape), role, {.sd = kTokenSd})};
}

void GraphBuilder::add_dense(const std::string& name, int inputs, int outputs,
                             Activation activation) {
  const int before = last();
  begin_layer(name);
  add({.what = Linear{.inputs = inputs, .outputs = outputs},
       .inputs = {before},
       .tensors = linear_tensors("", inputs, outputs),
       .activation = activation});
}

Error GraphBuilder::misfit(const std::string& why, const std::string& hint) const {
  const ImageShape& image = problem_.image;
  return input_error({},
                     fmt::format("architecture \"{}\" does not fit images of {} x {} x {}: {}",
                                 printable(architecture_.text(), 80), image.channels, image.height,
                                 image.width, why),
                     hint);
}

void GraphBuilder::check_features(const std::string& layer, std::int64_t rows, std::int64_t columns,
                                  std::int64_t depth) const {
  const std::int64_t features = saturating_product({rows, columns, depth});
  if (features <= kMaxFeatures) return;
  throw misfit(fmt::format("{} has {} features per image", layer, grouped(features)),
               fmt::format("at most {} are allowed", grouped(kMaxFeatures)));
}

Graph graph_of(const Architecture& architecture, const Problem& problem) {
  GraphBuilder builder(architecture, problem);
  std::visit([&builder](const auto& shape) { lower(shape, builder); }, architecture.shape());
  return builder.take();
}

}  // namespace minima::network
