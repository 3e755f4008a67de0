// What is recorded per image: the true class, the predictions of runs, and whether variants are
// correct.
#pragma once

#include <cstdint>
#include <vector>

namespace minima::record {

/// The predicted class of every image, in the order of the split. Empty if not recorded or if the
/// dataset lacks the split.
struct RunPredictions {
  std::vector<std::uint16_t> test;
  std::vector<std::uint16_t> validation;

  [[nodiscard]] bool empty() const { return test.empty() && validation.empty(); }
};

/// The true class of every image, in split order.
struct DatasetLabels {
  std::vector<std::uint16_t> test;
  std::vector<std::uint16_t> validation;

  [[nodiscard]] bool empty() const { return test.empty() && validation.empty(); }
};

/// Per image, in split order: 1 if a network classifies it correctly, else 0. Empty: not recorded,
/// or the dataset lacks this split.
struct VariantOutcomes {
  std::vector<std::uint8_t> test;
  std::vector<std::uint8_t> validation;

  [[nodiscard]] bool empty() const { return test.empty() && validation.empty(); }
};

}  // namespace minima::record
