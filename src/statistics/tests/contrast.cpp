#include "statistics/tests/contrast.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "statistics/distributions.h"

namespace minima {
namespace {

// Sums of squares and products of deviations from stratum means.
struct Products {
  double xx = 0.0;
  double yy = 0.0;
  double xy = 0.0;

  void add(const std::vector<const Observation*>& stratum) {
    const Observation& first =
        *stratum.front();  // subtracted first, so that equal values are exactly 0
    const auto n = static_cast<double>(stratum.size());
    double x_mean = 0.0;
    double y_mean = 0.0;
    for (const Observation* each : stratum) {
      x_mean += (each->x - first.x) / n;
      y_mean += (each->y - first.y) / n;
    }
    for (const Observation* each : stratum) {
      const double x = each->x - first.x - x_mean;
      const double y = each->y - first.y - y_mean;
      xx += x * x;
      yy += y * y;
      xy += x * y;
    }
  }
};

}  // namespace

std::optional<double> cliffs_delta(std::span<const double> a, std::span<const double> b) {
  if (a.empty() || b.empty()) return std::nullopt;
  std::vector<double> sorted(b.begin(), b.end());
  std::ranges::sort(sorted);
  double sum = 0.0;
  for (const double value : a) {
    const auto below = std::ranges::lower_bound(sorted, value);
    const auto above = std::ranges::upper_bound(sorted, value);
    sum += static_cast<double>((below - sorted.begin()) - (sorted.end() - above));
  }
  return sum / (static_cast<double>(a.size()) * static_cast<double>(b.size()));
}

// In ascending order, value i is the larger one in i pairs and the smaller one in n - 1 - i pairs.
std::optional<double> mean_absolute_difference(std::vector<double> values) {
  if (values.size() < 2) return std::nullopt;
  std::ranges::sort(values);
  const auto n = static_cast<double>(values.size());
  double sum = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum += (2.0 * static_cast<double>(i) - n + 1.0) * (values[i] - values.front());
  }
  return 2.0 * sum / (n * (n - 1.0));
}

std::optional<Correlation> correlation(std::span<const Observation> observations,
                                       double confidence) {
  std::map<std::string, std::vector<const Observation*>> strata;
  for (const Observation& each : observations) strata[each.stratum].push_back(&each);
  Products sums;
  std::int64_t used = 0;
  Correlation result;
  for (const auto& [name, members] : strata) {
    if (members.size() < 2) continue;
    ++used;
    result.runs += static_cast<std::int64_t>(members.size());
    sums.add(members);
  }
  const auto free = static_cast<double>(result.runs - used - 2);
  if (!(sums.xx > 0.0) || !(sums.yy > 0.0) || free < 1.0) return std::nullopt;
  result.r = std::clamp(sums.xy / std::sqrt(sums.xx * sums.yy), -1.0, 1.0);
  const double reach = normal_score((1.0 - confidence) / 2.0) / std::sqrt(free);
  result.low = std::abs(result.r) == 1.0 ? result.r : std::tanh(std::atanh(result.r) - reach);
  result.high = std::abs(result.r) == 1.0 ? result.r : std::tanh(std::atanh(result.r) + reach);
  return result;
}

}  // namespace minima
