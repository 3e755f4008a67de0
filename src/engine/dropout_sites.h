#pragma once

#include <cstdint>

namespace minima::engine {

/// Where an encoder block drops values. Part of the key of the random numbers: never change or
/// reuse a value.
enum class DropoutSite : std::uint64_t {
  attention_probabilities = 0,
  attention_output = 1,
  mlp_hidden = 2,
  mlp_output = 3,
};
inline constexpr std::uint64_t kDropoutSites = 4;  ///< sites per layer; part of the key too

}  // namespace minima::engine
