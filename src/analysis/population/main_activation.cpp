#include "analysis/population/main_activation.h"

#include <map>

#include "network/notation/architecture.h"

namespace minima::analysis {

network::Activation main_activation(const std::set<std::string>& architectures) {
  std::map<network::Activation, int> counts;
  for (const std::string& architecture : architectures) {
    ++counts[network::Architecture::parse(architecture).activation()];
  }
  network::Activation most = network::Activation::relu;
  for (const auto& [activation, count] : counts) {
    if (count > counts[most]) most = activation;
  }
  return most;
}

}  // namespace minima::analysis
