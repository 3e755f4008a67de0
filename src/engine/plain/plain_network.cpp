#include "engine/plain/plain_network.h"

#include <cmath>
#include <utility>

#include "core/numbers/random.h"
#include "engine/dropout_sites.h"
#include "kernels/layers/dropout.h"
#include "kernels/reference/reference_vit.h"

namespace minima::engine::plain {
namespace {

using network::Op;

DropoutSite dropout_site(const Op& op) {
  if (std::holds_alternative<network::Attention>(op.what)) {
    return DropoutSite::attention_probabilities;
  }
  if (op.part == network::BlockPart::attention) return DropoutSite::attention_output;
  return op.activation == network::Activation::none ? DropoutSite::mlp_output
                                                    : DropoutSite::mlp_hidden;
}

// The dropout factors of an operation's values for one image; empty: nothing is dropped.
Vector dropout_factors(const Op& op, const Dropout* dropout, std::size_t image) {
  if (dropout == nullptr || op.dropout == 0.0) return {};
  const std::uint64_t number =
      op.layer * kDropoutSites + static_cast<std::uint64_t>(dropout_site(op));
  const kernels::DropoutMask mask{
      .key = stream_key(dropout->seed, subject_of(dropout->subject, number), Purpose::dropout,
                        dropout->step),
      .threshold = kernels::dropout_threshold(op.dropout)};
  auto values = static_cast<std::size_t>(op.outputs());
  if (const auto* attention = std::get_if<network::Attention>(&op.what)) {
    values = static_cast<std::size_t>(attention->heads * attention->tokens * attention->tokens);
  }
  Vector factors;
  for (std::size_t i = 0; i < values; ++i) {
    factors.push_back(kernels::reference::dropout_factor(mask, i, image));
  }
  return factors;
}

bool drops_outputs(const Op& op) {
  return !std::holds_alternative<network::Attention>(op.what);
}

double slope_at(network::Activation activation, double x) {
  if (activation == network::Activation::none) return 1.0;
  if (activation == network::Activation::relu) return x > 0.0 ? 1.0 : 0.0;
  const double density = std::exp(-0.5 * x * x) / std::sqrt(2.0 * 3.14159265358979323846);
  return 0.5 * std::erfc(-x / std::sqrt(2.0)) + x * density;
}

// The operation's part of all parameters or of their gradient; null if it has no such tensor.
template <typename Values>
auto tensor_of(const network::Graph& graph, const Op& op, std::size_t number, Values& values) {
  if (number >= op.tensors.size()) return decltype(values.data()){nullptr};
  return values.data() + graph.tensors[op.tensors[number]].begin;
}

Images zeros_like(const Images& values) {
  Images zeros;
  for (const Vector& image : values) zeros.emplace_back(image.size(), 0.0);
  return zeros;
}

}  // namespace

// The place of what an operation reads; empty if it is never transformed.
std::optional<ActivationPlace> PlainNetwork::place_of(const Op& op) const {
  const int source = op.inputs.front();
  if (graph_.is_chain()) {
    if (source == network::kImage) return std::nullopt;
    return ActivationPlace{op.layer - 1, kOutputSite};
  }
  if (!std::holds_alternative<network::Linear>(op.what)) return std::nullopt;
  if (op.part == network::BlockPart::none) return ActivationPlace{op.layer, kInputSite};
  if (op.part == network::BlockPart::mlp) {
    const bool is_last = op.activation == network::Activation::none;
    return ActivationPlace{op.layer, is_last ? kHiddenSite : kMlpSite};
  }
  const Op& read = graph_.ops[static_cast<std::size_t>(source)];
  const bool attended = std::holds_alternative<network::Attention>(read.what);
  return ActivationPlace{op.layer, attended ? kAttendedSite : kProjectionSite};
}

const Images& PlainNetwork::read(const Pass& pass, const Op& op, int input) const {
  if (const auto place = place_of(op); place && pass.changed.contains(*place)) {
    return pass.changed.at(*place);
  }
  return input == network::kImage ? pass.images : pass.outputs[static_cast<std::size_t>(input)];
}

Call PlainNetwork::call_of(const Op& op, const Vector& parameters, const Pass& pass,
                           std::size_t image, const Vector& factors) const {
  Call call{.op = op,
            .first = tensor_of(graph_, op, 0, parameters),
            .second = tensor_of(graph_, op, 1, parameters),
            .inputs = {},
            .factors = factors};
  for (const int input : op.inputs) call.inputs.push_back(&read(pass, op, input)[image]);
  return call;
}

void PlainNetwork::change_input(const Op& op, Activations& activations, Pass& pass) const {
  const auto place = place_of(op);
  if (!activations.is_active() || !place || pass.changed.contains(*place)) return;
  Images values = read(pass, op, op.inputs.front());
  activations.apply(*place, values);
  pass.changed.emplace(*place, std::move(values));
}

Pass PlainNetwork::forward(const Vector& parameters, Images images, Activations& activations,
                           const Dropout* dropout) const {
  Pass pass{.images = std::move(images), .sums = {}, .outputs = {}, .changed = {}};
  for (const Op& op : graph_.ops) {
    change_input(op, activations, pass);
    Images sums;
    Images outputs;
    for (std::size_t b = 0; b < pass.images.size(); ++b) {
      const Vector factors = dropout_factors(op, dropout, b);
      sums.push_back(outputs_of(call_of(op, parameters, pass, b, factors)));
      Vector& y = outputs.emplace_back(sums.back());
      for (double& value : y) value = network::value_at(op.activation, value);
      if (factors.empty() || !drops_outputs(op)) continue;
      for (std::size_t i = 0; i < y.size(); ++i) y[i] *= factors[i];
    }
    pass.sums.push_back(std::move(sums));
    pass.outputs.push_back(std::move(outputs));
  }
  return pass;
}

Vector PlainNetwork::backward(const Vector& parameters, const Pass& pass, Images logits_gradient,
                              const Activations& activations, const Dropout* dropout) const {
  Vector parameter_gradient(parameters.size(), 0.0);
  std::vector<Images> gradients;
  for (const Images& outputs : pass.outputs) gradients.push_back(zeros_like(outputs));
  gradients.back() = std::move(logits_gradient);
  for (std::size_t i = graph_.ops.size(); i-- > 0;) {
    const Op& op = graph_.ops[i];
    Images dy = std::move(gradients[i]);
    for (std::size_t b = 0; b < dy.size(); ++b) {
      const Vector factors = drops_outputs(op) ? dropout_factors(op, dropout, b) : Vector{};
      for (std::size_t k = 0; k < dy[b].size(); ++k) {
        dy[b][k] *= slope_at(op.activation, pass.sums[i][b][k]);
        if (!factors.empty()) dy[b][k] *= factors[k];
      }
    }
    pass_back(parameters, pass, i, dy, activations, dropout, gradients, parameter_gradient);
  }
  return parameter_gradient;
}

// Adds the gradients of an operation's tensors and inputs.
void PlainNetwork::pass_back(const Vector& parameters, const Pass& pass, std::size_t number,
                             const Images& dy, const Activations& activations,
                             const Dropout* dropout, std::vector<Images>& gradients,
                             Vector& parameter_gradient) const {
  const Op& op = graph_.ops[number];
  std::vector<Images> inputs;
  for (const int input : op.inputs) inputs.push_back(zeros_like(read(pass, op, input)));
  for (std::size_t b = 0; b < dy.size(); ++b) {
    const Vector factors = dropout_factors(op, dropout, b);
    Gradients to{.first = tensor_of(graph_, op, 0, parameter_gradient),
                 .second = tensor_of(graph_, op, 1, parameter_gradient),
                 .inputs = {}};
    for (Images& input : inputs) to.inputs.push_back(&input[b]);
    add_gradients(call_of(op, parameters, pass, b, factors), dy[b], to);
  }
  for (std::size_t j = 0; j < op.inputs.size(); ++j) {
    if (op.inputs[j] == network::kImage) continue;
    const auto source = static_cast<std::size_t>(op.inputs[j]);
    if (const auto place = place_of(op); place && pass.changed.contains(*place)) {
      activations.stop_gradient(*place, pass.outputs[source], inputs[j]);
    }
    for (std::size_t b = 0; b < dy.size(); ++b) {
      for (std::size_t i = 0; i < inputs[j][b].size(); ++i) {
        gradients[source][b][i] += inputs[j][b][i];
      }
    }
  }
}

}  // namespace minima::engine::plain
