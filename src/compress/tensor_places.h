// Where the tensors of a network lie in its flat array of parameters.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "study/layers.h"

namespace minima::compress {

struct TensorPlace {
  study::TensorSpec spec;
  std::size_t layer = 0;  ///< index of its layer
  std::size_t begin = 0;  ///< of its first element
  std::size_t count = 0;  ///< elements

  /// Its part of an array of all parameters.
  template <typename T>
  [[nodiscard]] std::span<T> of(std::span<T> array) const {
    return array.subspan(begin, count);
  }
};

/// Whether a tensor is one of `names`, or one of them stands before a dot of it, as "block1" and
/// "block1.attention.q" before "block1.attention.q.weight".
[[nodiscard]] bool is_named(std::string_view tensor, std::span<const std::string> names);

/// Of all tensors, in their order, without padding between them.
[[nodiscard]] std::vector<TensorPlace> tensor_places(std::span<const study::LayerSpec> layers);

/// Elements of all tensors together.
[[nodiscard]] std::size_t parameters_of(std::span<const TensorPlace> places);

/// Throws std::invalid_argument where `parameters` or a mask (empty: none) of other sizes than
/// `places` are given.
void check_sizes(std::span<const TensorPlace> places, std::size_t parameters,
                 std::span<const std::uint8_t> mask);

}  // namespace minima::compress
