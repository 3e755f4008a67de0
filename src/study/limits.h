// Bounds on what a study may ask for: wide enough for any real study, narrow enough that a slip of
// the finger gets an answer instead of an endless computation.
#pragma once

#include <cstddef>
#include <cstdint>

namespace minima::study {

inline constexpr int kMaxWidth = 1'000'000;
inline constexpr int kMaxHiddenLayers = 1'000;  ///< of an architecture written out
inline constexpr int kMaxGridDepth = 100;       ///< of designs
inline constexpr std::int64_t kMaxRuns = 1'000'000;
inline constexpr std::size_t kMaxStudyFileBytes = 4'000'000;

/// Runs drawn at random that share one shuffle: a cohort's worth.
inline constexpr int kDrawsPerShuffle = 16;

}  // namespace minima::study
