// Shapes and depths are compared between networks with the same activation: the activation is not
// part of the shape, but may change the accuracy.
#pragma once

#include <set>
#include <string>

#include "network/activation.h"

namespace minima::analysis {

/// The most frequent activation of these architectures; ties go to ReLU. Throws an input error for
/// a text that is not an architecture.
[[nodiscard]] network::Activation main_activation(const std::set<std::string>& architectures);

}  // namespace minima::analysis
