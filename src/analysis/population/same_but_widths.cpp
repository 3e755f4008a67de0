#include "analysis/population/same_but_widths.h"

#include <map>
#include <optional>

#include "network/notation/architecture.h"

namespace minima::analysis {
namespace {

/// The text of the network without its hidden layers, which keeps all other options.
std::optional<std::string> options_of_dense(const std::string& architecture) {
  const auto known = network::Architecture::known(architecture);
  const auto* dnn = known ? std::get_if<network::Dnn>(&known->shape()) : nullptr;
  if (dnn == nullptr) return std::nullopt;
  network::Dnn options = *dnn;
  options.hidden.clear();
  return network::Architecture(options).text();
}

}  // namespace

std::set<std::string> same_but_widths(const std::set<std::string>& architectures) {
  std::map<std::string, std::set<std::string>> by_options;
  for (const std::string& architecture : architectures) {
    if (const auto options = options_of_dense(architecture)) {
      by_options[*options].insert(architecture);
    }
  }
  std::set<std::string> most = by_options[network::Architecture(network::Dnn{}).text()];
  for (const auto& [options, same] : by_options) {
    if (same.size() > most.size()) most = same;
  }
  return most;
}

std::set<std::string> same_but_widths(const Population& population, const Selection& selection) {
  std::set<std::string> architectures;
  for (const std::size_t run : selection.runs) {
    architectures.insert(population.runs[run].architecture);
  }
  return same_but_widths(architectures);
}

}  // namespace minima::analysis
