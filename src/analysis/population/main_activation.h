// Comparisons of shapes and depths are between networks of one activation: another activation is
// no other shape, but may give another accuracy.
#pragma once

#include <set>
#include <string>

#include "network/activation.h"

namespace minima::analysis {

/// The activation that most of these architectures have; of equally many, ReLU. Throws an input
/// error for a text that is no architecture.
[[nodiscard]] network::Activation main_activation(const std::set<std::string>& architectures);

}  // namespace minima::analysis
