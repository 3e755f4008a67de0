// The pooled mean of w_a d_a is compared with its value after sign changes. For a true effect
// delta, changing the signs of d_a - delta over a set N of architectures gives a mean at least as
// far from 0 exactly if delta lies between the weighted means of N and of the rest. So each sign
// pattern is an interval that contains the estimate. p(delta) is the fraction of intervals that
// contain delta. The limits of the confidence interval are order statistics of the intervals'
// limits.
#include "analysis/weights/architecture_contrast.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "statistics/tests/contrast.h"

namespace minima::analysis {
namespace {

struct Sides {
  std::vector<double> successful;
  std::vector<double> failed;
};

std::map<std::string, Sides> sides_of(std::span<const ContrastedRun> runs) {
  std::map<std::string, Sides> architectures;
  for (const ContrastedRun& run : runs) {
    Sides& sides = architectures[run.architecture];
    (run.successful ? sides.successful : sides.failed).push_back(run.value);
  }
  return architectures;
}

double mean(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value - values.front();
  return values.front() + sum / static_cast<double>(values.size());
}

// `effect` of each architecture with enough runs on both sides.
template <typename Effect>
std::vector<ArchitectureEffect> differences(std::span<const ContrastedRun> runs, std::size_t fewest,
                                            const Effect& effect) {
  std::vector<ArchitectureEffect> effects;
  for (const auto& [architecture, sides] : sides_of(runs)) {
    if (std::min(sides.successful.size(), sides.failed.size()) < fewest) continue;
    const auto successful = static_cast<double>(sides.successful.size());
    const auto failed = static_cast<double>(sides.failed.size());
    effects.push_back({architecture, effect(sides), successful * failed / (successful + failed)});
  }
  return effects;
}

double spread_difference(const Sides& sides) {
  std::vector<double> all = sides.successful;
  all.insert(all.end(), sides.failed.begin(), sides.failed.end());
  const double unit = mean_absolute_difference(all).value_or(0.0);
  if (!(unit > 0.0)) return 0.0;
  return (mean_absolute_difference(sides.successful).value_or(0.0) -
          mean_absolute_difference(sides.failed).value_or(0.0)) /
         unit;
}

// The interval of effects that the sign test does not reject.
struct Unrejected {
  double low = 0.0;
  double high = 0.0;
};

class SignChanges {
 public:
  explicit SignChanges(std::span<const ArchitectureEffect> effects) : effects_(effects) {}

  template <typename Changes>
  void add(const Changes& changes) {
    double sum[2] = {0.0, 0.0};
    double weight[2] = {0.0, 0.0};
    for (std::size_t a = 0; a < effects_.size(); ++a) {
      const std::size_t side = changes(a) ? 1 : 0;
      sum[side] += effects_[a].weight * effects_[a].effect;
      weight[side] += effects_[a].weight;
    }
    if (weight[0] == 0.0 || weight[1] == 0.0) {
      ++always_;
      return;
    }
    const auto [low, high] = std::minmax({sum[0] / weight[0], sum[1] / weight[1]});
    lows_.push_back(low);
    highs_.push_back(high);
  }

  [[nodiscard]] double patterns() const { return static_cast<double>(lows_.size() + always_); }

  [[nodiscard]] double p(double effect, double rounding) const {
    std::size_t as_far = always_;
    for (std::size_t i = 0; i < lows_.size(); ++i) {
      as_far += lows_[i] <= effect + rounding && highs_[i] >= effect - rounding ? 1 : 0;
    }
    return static_cast<double>(as_far) / patterns();
  }

  // Absent if the pattern without sign changes, which keeps every effect, already exceeds the
  // level.
  [[nodiscard]] std::optional<Unrejected> interval(double significance) {
    // An effect is in the interval if more than this number of patterns contain it.
    const auto rejected = static_cast<std::size_t>(significance * patterns() + 1e-9);
    if (rejected < always_) return std::nullopt;
    const std::size_t at = rejected - always_;
    if (at >= lows_.size()) return std::nullopt;
    std::ranges::sort(lows_);
    std::ranges::sort(highs_, std::greater());
    return Unrejected{lows_[at], highs_[at]};
  }

 private:
  std::span<const ArchitectureEffect> effects_;
  std::vector<double> lows_;
  std::vector<double> highs_;
  std::size_t always_ = 0;
};

// A pattern and its opposite give the same interval, so the first sign stays fixed.
SignChanges sign_changes(std::span<const ArchitectureEffect> effects, int patterns,
                         RandomStream& random) {
  constexpr std::size_t kMostCounted = 14;
  SignChanges changes(effects);
  if (effects.size() <= kMostCounted) {
    const std::size_t all = std::size_t{1} << (effects.size() - 1);
    for (std::size_t pattern = 0; pattern < all; ++pattern) {
      changes.add([&](std::size_t a) { return a > 0 && ((pattern >> (a - 1)) & 1U) != 0; });
    }
    return changes;
  }
  changes.add([](std::size_t) { return false; });
  for (int i = 0; i < patterns; ++i) {
    changes.add([&](std::size_t) { return (random.next() & 1U) != 0; });
  }
  return changes;
}

}  // namespace

std::vector<ArchitectureEffect> mean_differences(std::span<const ContrastedRun> runs) {
  return differences(
      runs, 1, [](const Sides& sides) { return mean(sides.successful) - mean(sides.failed); });
}

std::vector<ArchitectureEffect> spread_differences(std::span<const ContrastedRun> runs) {
  return differences(runs, 2, spread_difference);
}

std::vector<ArchitectureEffect> correlations_within(std::span<const Pair> pairs) {
  std::map<std::string, std::pair<std::vector<double>, std::vector<double>>> architectures;
  for (const Pair& pair : pairs) {
    architectures[pair.architecture].first.push_back(pair.x);
    architectures[pair.architecture].second.push_back(pair.y);
  }
  std::vector<ArchitectureEffect> effects;
  for (const auto& [architecture, values] : architectures) {
    const auto& [x, y] = values;
    if (x.size() < 3) continue;
    const double x_mean = mean(x);
    const double y_mean = mean(y);
    double xx = 0.0;
    double yy = 0.0;
    double xy = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      xx += (x[i] - x_mean) * (x[i] - x_mean);
      yy += (y[i] - y_mean) * (y[i] - y_mean);
      xy += (x[i] - x_mean) * (y[i] - y_mean);
    }
    if (!(xx > 0.0) || !(yy > 0.0)) continue;
    effects.push_back({architecture, std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0),
                       static_cast<double>(x.size()) - 1.0});
  }
  return effects;
}

std::optional<PooledEffect> pooled(std::span<const ArchitectureEffect> effects, double confidence,
                                   int patterns, RandomStream random) {
  if (effects.empty()) return std::nullopt;
  PooledEffect result{.architectures = static_cast<std::int64_t>(effects.size())};
  double weights = 0.0;
  double largest = 0.0;
  for (const ArchitectureEffect& each : effects) {
    result.effect += each.weight * each.effect;
    weights += each.weight;
    largest = std::max(largest, std::abs(each.effect));
  }
  result.effect /= weights;
  SignChanges changes = sign_changes(effects, patterns, random);
  result.p = changes.p(0.0, 1e-12 * largest);
  result.least_p =
      std::max(1.0 / changes.patterns(),
               std::ldexp(1.0, 1 - static_cast<int>(std::min<std::size_t>(effects.size(), 60))));
  if (const auto interval = changes.interval(1.0 - confidence)) {
    result.low = interval->low;
    result.high = interval->high;
  }
  return result;
}

}  // namespace minima::analysis
