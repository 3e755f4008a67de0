#include "compress/prune/unit_order.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "compress/prune/kept_units.h"
#include "network/derive/units.h"

namespace minima::compress {
namespace {

using network::UnitGroup;

std::vector<double> strengths_of(const UnitGroup& group, const network::Graph& graph,
                                 std::span<const float> parameters) {
  std::vector<double> strengths(group.units, 0.0);
  for (const std::size_t i : group.incoming) {
    const network::Tensor& tensor = graph.tensors[i];
    if (tensor.role == network::Role::bias) continue;  // a bias is not an incoming weight
    for (std::size_t unit = 0; unit < group.units; ++unit) {
      network::over_rows(tensor, unit, group.units, [&](std::size_t at) {
        strengths[unit] += std::abs(static_cast<double>(parameters[at]));
      });
    }
  }
  return strengths;
}

}  // namespace

std::vector<float> sorted_by_strength(const network::Graph& graph,
                                      std::span<const float> parameters) {
  check_sizes(graph, parameters.size(), {});
  std::vector<std::vector<std::size_t>> orders;
  const std::vector<UnitGroup> groups = network::unit_groups(graph);
  for (const UnitGroup& group : groups) {
    const std::vector<double> strengths = strengths_of(group, graph, parameters);
    std::vector<std::size_t>& order = orders.emplace_back(group.units);
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::greater(),
                             [&](std::size_t unit) { return strengths[unit]; });
  }
  return with_units(graph, groups, orders, parameters);
}

}  // namespace minima::compress
