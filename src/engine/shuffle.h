#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace minima::engine {

/// 0..count-1, shuffled. Depends on (seed, dataset, replicate, epoch) alone, so that replicate r of
/// every architecture sees the same batches.
[[nodiscard]] std::vector<std::uint32_t> shuffled_indices(std::size_t count, std::uint64_t seed,
                                                          const std::string& dataset, int replicate,
                                                          int epoch);

}  // namespace minima::engine
