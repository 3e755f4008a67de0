// A network by its definition: one operation after another, for each image of a batch.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "engine/plain/activations.h"
#include "engine/plain/operations.h"
#include "network/graph.h"

namespace minima::engine::plain {

/// The random numbers of dropout in a training step.
struct Dropout {
  std::uint64_t seed = 0;
  std::uint64_t subject = 0;  ///< of the run
  std::uint32_t step = 0;
};

/// What a forward pass computed, for the backward pass and for counts of dead units.
struct Pass {
  Images images;
  std::vector<Images> sums;     ///< per operation: before its activation function
  std::vector<Images> outputs;  ///< per operation: after activation function and dropout
  std::map<ActivationPlace, Images> changed;  ///< transformed activations
};

class PlainNetwork {
 public:
  explicit PlainNetwork(network::Graph graph) : graph_(std::move(graph)) {}

  [[nodiscard]] const network::Graph& graph() const { return graph_; }

  /// `parameters`: flat. `dropout`: null in evaluation.
  [[nodiscard]] Pass forward(const Vector& parameters, Images images, Activations& activations,
                             const Dropout* dropout = nullptr) const;
  /// The gradient of the parameters, from that of the logits of each image.
  [[nodiscard]] Vector backward(const Vector& parameters, const Pass& pass, Images logits_gradient,
                                const Activations& activations, const Dropout* dropout) const;

 private:
  [[nodiscard]] std::optional<ActivationPlace> place_of(const network::Op& op) const;
  [[nodiscard]] const Images& read(const Pass& pass, const network::Op& op, int input) const;
  /// The call of an operation for one image. `factors` must outlive it.
  [[nodiscard]] Call call_of(const network::Op& op, const Vector& parameters, const Pass& pass,
                             std::size_t image, const Vector& factors) const;
  void change_input(const network::Op& op, Activations& activations, Pass& pass) const;
  void pass_back(const Vector& parameters, const Pass& pass, std::size_t op, const Images& dy,
                 const Activations& activations, const Dropout* dropout,
                 std::vector<Images>& gradients, Vector& parameter_gradient) const;

  network::Graph graph_;
};

}  // namespace minima::engine::plain
