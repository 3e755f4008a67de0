#include "compress/unit_order.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace minima::compress {
namespace {

std::vector<double> strengths_of(const UnitGroup& group, std::span<const TensorPlace> places,
                                 std::span<const float> parameters) {
  std::vector<double> strengths(group.units, 0.0);
  for (const std::size_t i : group.incoming) {
    if (places[i].spec.shape.size() < 2) continue;  // biases lead into nothing
    for (std::size_t unit = 0; unit < group.units; ++unit) {
      over_rows(places[i], unit, group.units, [&](std::size_t at) {
        strengths[unit] += std::abs(static_cast<double>(parameters[at]));
      });
    }
  }
  return strengths;
}

}  // namespace

std::vector<float> sorted_by_strength(std::span<const study::LayerSpec> layers,
                                      std::span<const float> parameters) {
  const std::vector<TensorPlace> places = tensor_places(layers);
  check_sizes(places, parameters.size(), {});
  std::vector<std::vector<std::size_t>> orders;
  const std::vector<UnitGroup> groups = unit_groups(layers, places);
  for (const UnitGroup& group : groups) {
    const std::vector<double> strengths = strengths_of(group, places, parameters);
    std::vector<std::size_t>& order = orders.emplace_back(group.units);
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::greater(),
                             [&](std::size_t unit) { return strengths[unit]; });
  }
  return with_units(places, groups, orders, parameters);
}

}  // namespace minima::compress
