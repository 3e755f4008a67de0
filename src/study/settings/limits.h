// Limits of studies. They are wide enough for any real study and narrow enough that a typing error
// gives an error message instead of an endless computation. network/limits.h has the limits of
// architectures.
#pragma once

#include <cstddef>
#include <cstdint>

namespace minima::study {

inline constexpr int kMaxGridDepth = 100;  ///< of designs

inline constexpr std::int64_t kMaxRuns = 1'000'000;
inline constexpr std::size_t kMaxDatasets = 10'000;
inline constexpr std::size_t kMaxStudyFileBytes = 4'000'000;

/// Random runs that share one shuffle: as many as fill a cohort.
inline constexpr int kDrawsPerShuffle = 16;

}  // namespace minima::study
