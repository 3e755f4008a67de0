// The class that a network predicts for each image.
#pragma once

#include <cstdint>
#include <vector>

#include "core/enum_words.h"

namespace minima::study {

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

/// The predicted class of every image, in the order of the split. Empty if not recorded or if the
/// dataset lacks the split.
struct RunPredictions {
  std::vector<std::uint16_t> test;
  std::vector<std::uint16_t> validation;

  [[nodiscard]] bool empty() const { return test.empty() && validation.empty(); }
};

}  // namespace minima::study
