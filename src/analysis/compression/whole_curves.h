// Selects the curves of whole networks, leaving out those of single tensors.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace minima::analysis {

/// Grouped by protocol, in the given order.
template <typename Curve>
std::map<std::string, std::vector<const Curve*>> whole_curves(const std::vector<Curve>& curves) {
  std::map<std::string, std::vector<const Curve*>> protocols;
  for (const Curve& curve : curves) {
    if (curve.tensor.empty()) protocols[curve.protocol].push_back(&curve);
  }
  return protocols;
}

}  // namespace minima::analysis
