#pragma once

#include <vector>

#include "core/aligned.h"
#include "core/numbers/random.h"

namespace minima::kernels {

/// Standard normal numbers, aligned for the kernels; a function of the seed.
inline AlignedBuffer<float> random_floats(std::size_t count, std::uint64_t seed) {
  RandomStream stream(seed, 0, Purpose::bootstrap);
  AlignedBuffer<float> values(count);
  for (float& value : values.span()) value = static_cast<float>(stream.normal());
  return values;
}

inline std::vector<float> copy_of(const AlignedBuffer<float>& buffer) {
  return {buffer.span().begin(), buffer.span().end()};
}

inline AlignedBuffer<float> clone(const AlignedBuffer<float>& buffer) {
  AlignedBuffer<float> copy(buffer.size());
  std::copy(buffer.span().begin(), buffer.span().end(), copy.data());
  return copy;
}

}  // namespace minima::kernels
