#include "statistics/estimates/training_noise.h"

namespace minima {
namespace {

// On small test splits a fraction alone would allow no difference.
constexpr std::int64_t kAlways = 2;

}  // namespace

std::int64_t recomputed_difference(std::int64_t images) {
  return kAlways + images / 500;
}

std::int64_t retrained_difference(std::int64_t images) {
  return kAlways + images / 20;
}

}  // namespace minima
