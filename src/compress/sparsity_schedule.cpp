#include "compress/sparsity_schedule.h"

#include <cmath>
#include <stdexcept>

namespace minima::compress {
namespace {

template <typename At>
std::vector<double> schedule(double final_sparsity, int rounds, At at) {
  if (!(final_sparsity >= 0.0 && final_sparsity <= 1.0) || rounds < 1) {
    throw std::invalid_argument("a schedule needs a sparsity of 0 to 1 and a round or more");
  }
  std::vector<double> sparsities;
  for (int k = 1; k < rounds; ++k) sparsities.push_back(at(static_cast<double>(k) / rounds));
  sparsities.push_back(final_sparsity);
  return sparsities;
}

}  // namespace

std::vector<double> geometric_sparsities(double final_sparsity, int rounds) {
  return schedule(final_sparsity, rounds,
                  [=](double share) { return 1.0 - std::pow(1.0 - final_sparsity, share); });
}

std::vector<double> linear_sparsities(double final_sparsity, int rounds) {
  return schedule(final_sparsity, rounds, [=](double share) { return final_sparsity * share; });
}

}  // namespace minima::compress
