#include "compress/prune/kept_units.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "network/families/resize.h"

namespace minima::compress {
namespace {

using network::UnitGroup;
using Indices = std::vector<std::size_t>;

Indices range(std::size_t begin, std::size_t end) {
  Indices indices(end - begin);
  std::iota(indices.begin(), indices.end(), begin);
  return indices;
}

/// The rows and columns of a tensor that are kept.
struct Cut {
  Indices rows;
  Indices columns;
};

Indices expanded(std::span<const std::size_t> kept, std::size_t each) {
  Indices indices;
  for (const std::size_t unit : kept) {
    for (std::size_t i = 0; i < each; ++i) indices.push_back(unit * each + i);
  }
  return indices;
}

std::vector<Cut> cuts_of(const network::Graph& graph, std::span<const UnitGroup> groups,
                         std::span<const Indices> kept) {
  std::vector<Cut> cuts;
  for (const network::Tensor& tensor : graph.tensors) {
    cuts.push_back({.rows = range(0, tensor.rows()), .columns = range(0, tensor.columns())});
  }
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const std::size_t i : groups[g].incoming) {
      cuts[i].rows = expanded(kept[g], graph.tensors[i].rows() / groups[g].units);
    }
    Cut& out = cuts[groups[g].outgoing];
    out.columns = expanded(kept[g], out.columns.size() / groups[g].units);
  }
  return cuts;
}

template <typename T>
std::vector<T> cut_out(const network::Graph& graph, std::span<const Cut> cuts,
                       std::span<const T> array) {
  std::vector<T> result;
  for (std::size_t i = 0; i < graph.tensors.size() && !array.empty(); ++i) {
    const network::Tensor& tensor = graph.tensors[i];
    for (const std::size_t row : cuts[i].rows) {
      for (const std::size_t column : cuts[i].columns) {
        result.push_back(array[tensor.begin + row * tensor.columns() + column]);
      }
    }
  }
  return result;
}

std::vector<int> counts_of(std::span<const Indices> kept) {
  std::vector<int> counts;
  for (const Indices& units : kept) counts.push_back(static_cast<int>(units.size()));
  return counts;
}

void check_kept(std::span<const UnitGroup> groups, std::span<const Indices> kept) {
  if (kept.size() != groups.size()) throw std::invalid_argument("layers and kept units differ");
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const bool ascending =
        std::ranges::adjacent_find(kept[g], std::greater_equal{}) == kept[g].end();
    if (kept[g].empty() || !ascending || kept[g].back() >= groups[g].units) {
      throw std::invalid_argument("the kept units of " + groups[g].layer + " are not ascending");
    }
  }
}

}  // namespace

std::vector<float> with_units(const network::Graph& graph, std::span<const UnitGroup> groups,
                              std::span<const Indices> units, std::span<const float> parameters) {
  return cut_out(graph, cuts_of(graph, groups, units), parameters);
}

SmallerNetwork without_other_units(const network::Architecture& architecture,
                                   const Problem& problem, std::span<const float> parameters,
                                   std::span<const std::uint8_t> mask,
                                   std::vector<std::vector<std::size_t>> kept) {
  const network::Graph graph = network::graph_of(architecture, problem);
  check_sizes(graph, parameters.size(), mask);
  const std::vector<UnitGroup> groups = network::unit_groups(graph);
  check_kept(groups, kept);
  const std::vector<Cut> cuts = cuts_of(graph, groups, kept);
  SmallerNetwork smaller{.architecture = network::resized(architecture, groups, counts_of(kept)),
                         .parameters = cut_out(graph, cuts, parameters),
                         .mask = cut_out(graph, cuts, mask)};
  for (std::size_t g = 0; g < groups.size(); ++g) {
    smaller.layers.push_back(
        {.layer = groups[g].layer, .units = groups[g].units, .kept = std::move(kept[g])});
  }
  return smaller;
}

}  // namespace minima::compress
