// Which weights and predictions of its runs a study keeps.
#pragma once

#include "core/enum_words.h"

namespace minima::study {

/// Which weights of a study's runs are kept.
enum class KeepWeights {
  all,
  representative,  ///< per dataset and architecture: the replicate of (lower) median accuracy
  none,
};

constexpr auto words_of(KeepWeights /*any*/) {
  return std::to_array<EnumWord<KeepWeights>>({
      {KeepWeights::all, "all"},
      {KeepWeights::representative, "representative"},
      {KeepWeights::none, "none"},
  });
}

/// The networks for which a study records predictions per image.
enum class KeepPredictions {
  all,   ///< for each run the class of every image, for each variant right or wrong
  runs,  ///< for runs only
  none,
};

constexpr auto words_of(KeepPredictions /*any*/) {
  return std::to_array<EnumWord<KeepPredictions>>({
      {KeepPredictions::all, "all"},
      {KeepPredictions::runs, "runs"},
      {KeepPredictions::none, "none"},
  });
}

}  // namespace minima::study
