// Test figures of integer networks.
#pragma once

#include <cstdint>
#include <vector>

#include "compress/integer/integer_network.h"
#include "data/dataset.h"
#include "study/train_settings.h"

namespace minima::run {

struct TestFigures {
  double loss = 0.0;  ///< mean over images
  double accuracy = 0.0;
  std::vector<std::uint8_t> right;  ///< per image: 1 if it is classified correctly, else 0
};

/// Every image of the split in integers alone; the loss is that of the logits as real numbers.
[[nodiscard]] TestFigures evaluate_integers(const compress::IntegerNetwork& network,
                                            study::Loss loss, const data::Split& split);

}  // namespace minima::run
