// Settings common to the generated data sets.
#pragma once

#include <cstdint>

namespace minima::data {

/// The same settings give the same bytes on every machine.
struct GeneratedSettings {
  double difficulty = 0.5;    ///< 0 (easy) .. 1 (hard)
  std::int64_t train = 6000;  ///< images in the training split
  std::int64_t test = 1000;   ///< images in the test split
  std::uint64_t seed = 1;
};

}  // namespace minima::data
