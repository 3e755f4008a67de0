// What a store keeps of single images: their true classes, what runs predict, which ones variants
// get right.
#pragma once

#include <cstdint>
#include <vector>

#include "study/predictions.h"

namespace minima::store {

using study::RunPredictions;

/// The true class of every image, in the order of the split.
struct DatasetLabels {
  std::vector<std::uint16_t> test;
  std::vector<std::uint16_t> validation;

  [[nodiscard]] bool empty() const { return test.empty() && validation.empty(); }
};

/// Per image, in the order of the split: 1 if a network classifies it correctly, 0 if not. Empty:
/// not recorded, or the dataset has no such split.
struct VariantOutcomes {
  std::vector<std::uint8_t> test;
  std::vector<std::uint8_t> validation;

  [[nodiscard]] bool empty() const { return test.empty() && validation.empty(); }
};

}  // namespace minima::store
