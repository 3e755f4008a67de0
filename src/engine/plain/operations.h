// The operations of a network and their gradients, from their definitions: one image, double
// precision, plain loops. Values are [feature][token] or [channel][row][column].
#pragma once

#include <vector>

#include "network/graph.h"

namespace minima::engine::plain {

using Vector = std::vector<double>;

/// An operation on one image.
struct Call {
  const network::Op& op;
  const double* first = nullptr;   ///< weight, scale, or the only tensor
  const double* second = nullptr;  ///< bias or shift
  std::vector<const Vector*> inputs;
  /// Of an Attention: factors of dropout on the probabilities [head][query][key]; empty: all 1.
  const Vector& factors;
};

/// Where the gradients of a call are added.
struct Gradients {
  double* first = nullptr;
  double* second = nullptr;
  std::vector<Vector*> inputs;  ///< one per input
};

/// The outputs, before the operation's activation and dropout.
[[nodiscard]] Vector outputs_of(const Call& call);

/// `dy`: the gradient with respect to the outputs of outputs_of.
void add_gradients(const Call& call, const Vector& dy, const Gradients& gradients);

}  // namespace minima::engine::plain
