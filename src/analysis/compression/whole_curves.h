// Curves of whole networks, as against those of one tensor at a time.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace minima::analysis {

/// By protocol, in the order given.
template <typename Curve>
std::map<std::string, std::vector<const Curve*>> whole_curves(const std::vector<Curve>& curves) {
  std::map<std::string, std::vector<const Curve*>> protocols;
  for (const Curve& curve : curves) {
    if (curve.tensor.empty()) protocols[curve.protocol].push_back(&curve);
  }
  return protocols;
}

}  // namespace minima::analysis
