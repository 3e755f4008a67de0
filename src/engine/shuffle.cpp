#include "engine/shuffle.h"

#include <numeric>
#include <span>

#include "core/numbers/random.h"

namespace minima::engine {

std::vector<std::uint32_t> shuffled_indices(std::size_t count, std::uint64_t seed,
                                            const std::string& dataset, int replicate, int epoch) {
  std::vector<std::uint32_t> indices(count);
  std::iota(indices.begin(), indices.end(), 0U);
  const std::uint64_t subject =
      subject_of(subject_of(dataset), static_cast<std::uint64_t>(replicate));
  RandomStream stream(seed, subject, Purpose::shuffle, static_cast<std::uint32_t>(epoch));
  stream.shuffle(std::span<std::uint32_t>(indices));
  return indices;
}

}  // namespace minima::engine
