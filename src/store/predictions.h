// What a store records per image: the true class, the predictions of runs, and whether variants are
// correct.
#pragma once

#include <cstdint>
#include <vector>

#include "study/predictions.h"

namespace minima::store {

using study::RunPredictions;

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

}  // namespace minima::store
