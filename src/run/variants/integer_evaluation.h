// Test figures of integer networks.
#pragma once

#include <cstdint>
#include <vector>

#include "compress/integer/batched_images.h"
#include "compress/integer/integer_network.h"
#include "data/dataset.h"
#include "study/settings/train_settings.h"

namespace minima::run {

struct TestFigures {
  double loss = 0.0;  ///< mean over images
  double accuracy = 0.0;
  std::vector<std::uint8_t> right;  ///< per image: 1 if classified correctly, else 0
};

/// Evaluates every image of the split in integer arithmetic only. `images`: those of the split. The
/// loss uses the logits converted to real numbers.
[[nodiscard]] TestFigures evaluate_integers(const compress::IntegerNetwork& network,
                                            study::Loss loss, const data::Split& split,
                                            compress::BatchedImages& images);

}  // namespace minima::run
