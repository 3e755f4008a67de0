// Loss, accuracy and predictions from the logits of an integer network.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "compress/integer/integer_network.h"
#include "engine/backend.h"

namespace minima::engine {

class IntegerFigures {
 public:
  /// `images`: the number that will be added.
  IntegerFigures(const compress::IntegerNetwork& network, study::Loss loss, std::size_t images);

  /// Adds the next image. The loss uses the logits [classes] converted to real numbers.
  void add(std::span<const std::int32_t> logits, std::size_t label);

  /// Means over the images added. Call once, at the end.
  [[nodiscard]] Evaluation evaluation();

 private:
  [[nodiscard]] double loss_of(std::span<const std::int32_t> logits, std::size_t label);

  double scale_;  ///< value of one step of a logit
  study::Loss loss_;
  Evaluation sums_;
  std::vector<double> values_;  ///< scratch memory
};

}  // namespace minima::engine
