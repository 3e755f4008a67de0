#include "compress/tensor_places.h"

#include <algorithm>
#include <stdexcept>

namespace minima::compress {

bool is_named(std::string_view tensor, std::span<const std::string> names) {
  return std::ranges::any_of(names, [&tensor](const std::string& name) {
    return !name.empty() && tensor.starts_with(name) &&
           (tensor.size() == name.size() || tensor[name.size()] == '.');
  });
}

std::vector<TensorPlace> tensor_places(std::span<const study::LayerSpec> layers) {
  std::vector<TensorPlace> places;
  std::size_t begin = 0;
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    for (study::TensorSpec& spec : layers[layer].tensors()) {
      const auto count = static_cast<std::size_t>(spec.count());
      places.push_back({.spec = std::move(spec), .layer = layer, .begin = begin, .count = count});
      begin += count;
    }
  }
  return places;
}

std::size_t parameters_of(std::span<const TensorPlace> places) {
  return places.empty() ? 0 : places.back().begin + places.back().count;
}

void check_sizes(std::span<const TensorPlace> places, std::size_t parameters,
                 std::span<const std::uint8_t> mask) {
  if (parameters != parameters_of(places)) {
    throw std::invalid_argument("parameters do not fit the layers");
  }
  if (!mask.empty() && mask.size() != parameters) {
    throw std::invalid_argument("a mask and its parameters differ in size");
  }
}

}  // namespace minima::compress
