#include "compress/unit_groups.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace minima::compress {
namespace {

using Indices = std::vector<std::size_t>;

// Places of an encoder's tensors among those of its layer: layers.h has their order.
constexpr std::size_t kQuery = 2;
constexpr std::size_t kAttentionOutput = 8;
constexpr std::size_t kMlp = 12;
constexpr std::size_t kMlpOutput = 14;

Indices range(std::size_t begin, std::size_t end) {
  Indices indices(end - begin);
  std::iota(indices.begin(), indices.end(), begin);
  return indices;
}

void add_groups(const study::LayerSpec& layer, std::size_t first, std::vector<UnitGroup>& groups) {
  const auto add_hidden = [&](int units) {
    // Pooling has no tensors: the next weight comes after this bias.
    groups.push_back({.layer = layer.name,
                      .units = static_cast<std::size_t>(units),
                      .incoming = {first, first + 1},
                      .outgoing = first + 2});
  };
  if (const auto* dense = std::get_if<study::DenseSpec>(&layer.what)) {
    if (dense->relu) add_hidden(dense->outputs);
  } else if (const auto* convolution = std::get_if<study::ConvolutionSpec>(&layer.what)) {
    add_hidden(convolution->filters);
  } else if (const auto* encoder = std::get_if<study::EncoderSpec>(&layer.what)) {
    groups.push_back({.layer = layer.name + ".attention",
                      .units = static_cast<std::size_t>(encoder->heads),
                      .heads = true,
                      .incoming = range(first + kQuery, first + kAttentionOutput),
                      .outgoing = first + kAttentionOutput});
    groups.push_back({.layer = layer.name + ".mlp",
                      .units = static_cast<std::size_t>(encoder->hidden),
                      .incoming = {first + kMlp, first + kMlp + 1},
                      .outgoing = first + kMlpOutput});
  }
}

/// Which rows and columns of a tensor stay.
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

std::vector<Cut> cuts_of(std::span<const TensorPlace> places, std::span<const UnitGroup> groups,
                         std::span<const Indices> kept) {
  std::vector<Cut> cuts;
  const auto rows_of = [&](std::size_t i) {
    return static_cast<std::size_t>(places[i].spec.shape[0]);
  };
  for (std::size_t i = 0; i < places.size(); ++i) {
    cuts.push_back(
        {.rows = range(0, rows_of(i)), .columns = range(0, places[i].count / rows_of(i))});
  }
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const std::size_t i : groups[g].incoming) {
      cuts[i].rows = expanded(kept[g], rows_of(i) / groups[g].units);
    }
    Cut& out = cuts[groups[g].outgoing];
    out.columns = expanded(kept[g], out.columns.size() / groups[g].units);
  }
  return cuts;
}

template <typename T>
std::vector<T> cut_out(std::span<const TensorPlace> places, std::span<const Cut> cuts,
                       std::span<const T> array) {
  std::vector<T> result;
  for (std::size_t i = 0; i < places.size() && !array.empty(); ++i) {
    const std::size_t columns = places[i].count / static_cast<std::size_t>(places[i].spec.shape[0]);
    for (const std::size_t row : cuts[i].rows) {
      for (const std::size_t column : cuts[i].columns) {
        result.push_back(array[places[i].begin + row * columns + column]);
      }
    }
  }
  return result;
}

/// The shape with other numbers of units.
struct Resized {
  std::span<const UnitGroup> groups;
  std::span<const Indices> kept;

  [[nodiscard]] std::vector<int> counts() const {
    std::vector<int> counts;
    for (const Indices& units : kept) counts.push_back(static_cast<int>(units.size()));
    return counts;
  }
  network::Architecture::Shape operator()(network::Dnn dnn) const {
    dnn.hidden = counts();
    return dnn;
  }
  network::Architecture::Shape operator()(network::Cnn cnn) const {
    cnn.filters = counts();
    return cnn;
  }
  network::Architecture::Shape operator()(network::Vit vit) const {
    const int features = vit.head_width > 0 ? vit.head_width : vit.width / vit.heads;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      if (kept[g].size() != kept[g % 2].size()) {
        throw std::invalid_argument("blocks would differ in their units");
      }
      (groups[g].heads ? vit.heads : vit.mlp_width) = static_cast<int>(kept[g].size());
    }
    vit.head_width = features * vit.heads == vit.width ? 0 : features;
    return vit;
  }
  network::Architecture::Shape operator()(const network::PaperVit&) const {
    throw std::invalid_argument("the sizes of the paper's transformer are fixed");
  }
};

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

std::vector<UnitGroup> unit_groups(std::span<const study::LayerSpec> layers,
                                   std::span<const TensorPlace> places) {
  std::vector<UnitGroup> groups;
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    const auto first = std::ranges::find(places, layer, &TensorPlace::layer) - places.begin();
    add_groups(layers[layer], static_cast<std::size_t>(first), groups);
  }
  return groups;
}

std::vector<float> with_units(std::span<const TensorPlace> places,
                              std::span<const UnitGroup> groups, std::span<const Indices> units,
                              std::span<const float> parameters) {
  return cut_out(places, std::span<const Cut>(cuts_of(places, groups, units)), parameters);
}

SmallerNetwork without_other_units(const network::Architecture& architecture,
                                   const Problem& problem, std::span<const float> parameters,
                                   std::span<const std::uint8_t> mask,
                                   std::vector<std::vector<std::size_t>> kept) {
  const std::vector<study::LayerSpec> layers = study::layers_of(architecture, problem);
  const std::vector<TensorPlace> places = tensor_places(layers);
  check_sizes(places, parameters.size(), mask);
  const std::vector<UnitGroup> groups = unit_groups(layers, places);
  check_kept(groups, kept);
  const std::vector<Cut> cuts = cuts_of(places, groups, kept);
  SmallerNetwork smaller{.architecture = network::Architecture(
                             std::visit(Resized{groups, kept}, architecture.shape())),
                         .parameters = cut_out(std::span(places), std::span(cuts), parameters),
                         .mask = cut_out(std::span(places), std::span(cuts), mask)};
  for (std::size_t g = 0; g < groups.size(); ++g) {
    smaller.layers.push_back(
        {.layer = groups[g].layer, .units = groups[g].units, .kept = std::move(kept[g])});
  }
  return smaller;
}

}  // namespace minima::compress
