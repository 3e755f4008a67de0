// Which class a network predicts for each image.
#pragma once

#include <cstdint>
#include <vector>

namespace minima::study {

/// Of which networks a study records what they predict for single images.
enum class KeepPredictions {
  all,   ///< the class of every image for each run, right or wrong for each variant
  runs,  ///< of runs only
  none,
};

/// The predicted class of every image, in the order of the split. Empty: not recorded, or the
/// dataset has no such split.
struct RunPredictions {
  std::vector<std::uint16_t> test;
  std::vector<std::uint16_t> validation;

  [[nodiscard]] bool empty() const { return test.empty() && validation.empty(); }
};

}  // namespace minima::study
