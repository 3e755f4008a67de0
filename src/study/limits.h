// Limits of studies: wide enough for any real study, narrow enough that a typing error gets an
// answer instead of an endless computation. network/limits.h has those of architectures.
#pragma once

#include <cstddef>
#include <cstdint>

namespace minima::study {

inline constexpr int kMaxGridDepth = 100;  ///< of designs

inline constexpr std::int64_t kMaxRuns = 1'000'000;
inline constexpr std::size_t kMaxDatasets = 10'000;
inline constexpr std::size_t kMaxStudyFileBytes = 4'000'000;

/// Runs drawn at random that share one shuffle: a cohort's worth.
inline constexpr int kDrawsPerShuffle = 16;

}  // namespace minima::study
