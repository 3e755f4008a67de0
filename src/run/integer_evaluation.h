// Test figures of integer networks.
#pragma once

#include "compress/integer_network.h"
#include "data/dataset.h"
#include "study/train_settings.h"

namespace minima::run {

struct TestFigures {
  double loss = 0.0;  ///< mean over images
  double accuracy = 0.0;
};

/// Every image of the split in integers alone; the loss is that of the logits as real numbers.
[[nodiscard]] TestFigures evaluate_integers(const compress::IntegerNetwork& network,
                                            study::Loss loss, const data::Split& split);

}  // namespace minima::run
