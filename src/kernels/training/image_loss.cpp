#include "kernels/training/image_loss.h"

#include <cmath>

namespace minima::kernels {

double cross_entropy_of_image(std::span<const double> below_largest, std::size_t label) {
  double sum = 0.0;
  for (const double logit : below_largest) sum += std::exp(logit);
  return std::log(sum) - below_largest[label];
}

double squared_error_of_image(std::span<const double> logits, std::size_t label) {
  double sum = 0.0;
  for (std::size_t c = 0; c < logits.size(); ++c) {
    const double error = logits[c] - (c == label ? 1.0 : 0.0);
    sum += error * error;
  }
  return sum / static_cast<double>(logits.size());
}

}  // namespace minima::kernels
