#include "analysis/sizes/crossing.h"

#include <algorithm>
#include <cmath>

#include "core/numbers/tolerance.h"
#include "statistics/statistics.h"

namespace minima::analysis {
namespace {

std::size_t fitted(const std::vector<double>& surplus) {
  std::size_t best = surplus.size();
  double sum = 0.0;
  double most = 0.0;
  for (std::size_t i = surplus.size(); i-- > 0;) {
    sum += surplus[i];
    if (sum >= most - kRounding) {
      most = std::max(most, sum);
      best = i;
    }
  }
  return best;
}

std::size_t literal(const std::vector<double>& surplus) {
  std::size_t first = surplus.size();
  while (first > 0 && surplus[first - 1] >= -kRounding) --first;
  return first;
}

// Calls `visit` with the ranges of 1, 2, 4, ... levels from `from` on, and with the full range.
template <typename Visit>
void stretches_after(std::size_t from, std::size_t size, const Visit& visit) {
  std::size_t last = from;
  for (std::size_t length = 1; last < size; length *= 2) {
    last = std::min(from + length, size);
    visit(from, last);
  }
}

template <typename Visit>
void stretches_before(std::size_t to, const Visit& visit) {
  std::size_t first = to;
  for (std::size_t length = 1; first > 0; length *= 2) {
    first = to > length ? to - length : 0;
    visit(first, to);
  }
}

// Largest score of the ranges before and after each level under pure noise.
struct Noise {
  std::vector<std::vector<double>> before;  // [level][sample]
  std::vector<std::vector<double>> after;
};

Noise noise_of(const std::vector<double>& information, int samples, RandomStream& stream) {
  const std::size_t size = information.size();
  Noise noise{.before = std::vector<std::vector<double>>(size + 1),
              .after = std::vector<std::vector<double>>(size + 1)};
  std::vector<double> scale(size);
  std::vector<double> total(size + 1);
  for (std::size_t i = 0; i < size; ++i) {
    scale[i] = std::sqrt(information[i]);
    total[i + 1] = total[i] + information[i];
  }
  std::vector<double> sum(size + 1);
  for (int sample = 0; sample < samples; ++sample) {
    for (std::size_t i = 0; i < size; ++i) sum[i + 1] = sum[i] + scale[i] * stream.normal();
    for (std::size_t level = 0; level <= size; ++level) {
      double largest = 0.0;
      const auto see = [&](std::size_t first, std::size_t last) {
        const double variance = total[last] - total[first];
        if (variance <= 0.0) return;
        largest = std::max(largest, (sum[last] - sum[first]) / std::sqrt(variance));
      };
      stretches_before(level, see);
      noise.before[level].push_back(largest);
      largest = 0.0;
      stretches_after(level, size, see);
      noise.after[level].push_back(largest);
    }
  }
  return noise;
}

// Whether some range contradicts `level` as the truth.
bool contradicted(const Condition& condition, const CrossingTest& test, const Noise& noise,
                  std::size_t level) {
  double holds = 0.0;
  stretches_before(level, [&](std::size_t first, std::size_t last) {
    holds = std::max(holds, condition.holds(first, last));
  });
  if (holds > 0.0 && holds > quantile(noise.before[level], 1.0 - test.miss_high)) return true;
  double fails = 0.0;
  stretches_after(level, condition.surplus.size(), [&](std::size_t first, std::size_t last) {
    fails = std::max(fails, condition.fails(first, last));
  });
  return fails > 0.0 && fails > quantile(noise.after[level], 1.0 - test.miss_low);
}

}  // namespace

Crossing crossing_of(const Condition& condition, const CrossingTest& test, RandomStream stream) {
  Crossing crossing{.estimate = fitted(condition.surplus), .plain = literal(condition.surplus)};
  if (!condition.holds || !condition.fails || condition.surplus.empty()) return crossing;
  const Noise noise = noise_of(condition.information, std::max(test.samples, 1), stream);
  crossing.tested = true;
  crossing.low = crossing.high = crossing.estimate;
  for (std::size_t level = 0; level <= condition.surplus.size(); ++level) {
    if (contradicted(condition, test, noise, level)) continue;
    crossing.low = std::min(crossing.low, level);
    crossing.high = std::max(crossing.high, level);
  }
  return crossing;
}

Crossing together(const std::vector<Crossing>& crossings) {
  Crossing all{.tested = true};
  for (const Crossing& crossing : crossings) {
    all.estimate = std::max(all.estimate, crossing.estimate);
    all.plain = std::max(all.plain, crossing.plain);
    all.low = std::max(all.low, crossing.low);
    all.high = std::max(all.high, crossing.high);
    all.tested = all.tested && crossing.tested;
  }
  return all;
}

SizeEstimate size_estimate(const std::vector<Level>& levels, const Crossing& crossing) {
  const auto at = [&](std::size_t index) -> std::optional<std::int64_t> {
    if (index >= levels.size()) return std::nullopt;
    return levels[index].parameters;
  };
  SizeEstimate estimate{.parameters = at(crossing.estimate), .plain = at(crossing.plain)};
  estimate.has_interval = crossing.tested;
  if (crossing.tested) {
    estimate.low = at(crossing.low);
    estimate.high = at(crossing.high);
  }
  return estimate;
}

}  // namespace minima::analysis
