// The algorithm of Hartigan (1985, AS 217). It narrows an interval that must contain the mode. Left
// of the interval, the nearest distribution function is the greatest convex minorant of the
// empirical one; right of it, the least concave majorant. Heights are in units of one value.
#include "statistics/tests/dip_test.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace minima {
namespace {

constexpr std::size_t kLargestSample = 400;

/// For each i, the next lower corner of the convex minorant of values 0..i.
std::vector<std::size_t> minorant_of(std::span<const double> x) {
  std::vector<std::size_t> next(x.size(), 0);
  for (std::size_t j = 1; j < x.size(); ++j) {
    next[j] = j - 1;
    while (next[j] != 0) {
      const std::size_t a = next[j];
      const std::size_t b = next[a];
      const double rise = (x[j] - x[a]) * static_cast<double>(a - b);
      if (rise < (x[a] - x[b]) * static_cast<double>(j - a)) break;
      next[j] = b;
    }
  }
  return next;
}

/// For each i, the next higher corner of the concave majorant of values i..n-1.
std::vector<std::size_t> majorant_of(std::span<const double> x) {
  const std::size_t last = x.size() - 1;
  std::vector<std::size_t> next(x.size(), last);
  for (std::size_t k = last; k-- > 0;) {
    next[k] = k + 1;
    while (next[k] != last) {
      const std::size_t a = next[k];
      const std::size_t b = next[a];
      const double rise = (x[a] - x[k]) * static_cast<double>(b - a);
      if (rise < (x[b] - x[a]) * static_cast<double>(a - k)) break;
      next[k] = b;
    }
  }
  return next;
}

std::vector<std::size_t> corners(const std::vector<std::size_t>& next, std::size_t from,
                                 std::size_t to, bool falling) {
  std::vector<std::size_t> path{from};
  while (falling ? path.back() > to : path.back() < to) path.push_back(next[path.back()]);
  return path;
}

/// Height at value i of the line through values a and b, relative to its height at a.
double line_at(std::span<const double> x, std::size_t a, std::size_t b, std::size_t i) {
  return (x[i] - x[a]) * static_cast<double>(b - a) / (x[b] - x[a]);
}

/// The largest gap between the majorant and the minorant.
struct Gap {
  double distance = 0.0;
  std::size_t low = 0;   // index into the minorant's corners
  std::size_t high = 0;  // index into the majorant's corners
};

Gap gap_between(std::span<const double> x, const std::vector<std::size_t>& minorant,
                const std::vector<std::size_t>& majorant) {
  Gap gap{.distance = 0.0, .low = minorant.size() - 1, .high = majorant.size() - 1};
  if (minorant.size() == 2 && majorant.size() == 2) {
    gap.distance = 1.0;
    return gap;
  }
  std::size_t i = minorant.size() - 2;  // walks the corners from left to right
  std::size_t k = 1;
  for (;;) {
    const std::size_t low = minorant[i];
    const std::size_t high = majorant[k];
    double distance = 0.0;
    if (low > high) {
      const std::size_t before = minorant[i + 1];
      distance = static_cast<double>(high - before) + 1.0 - line_at(x, before, low, high);
      ++k;
      if (distance >= gap.distance) gap = {distance, i + 1, k - 1};
    } else {
      const std::size_t before = majorant[k - 1];
      distance = line_at(x, before, high, low) -
                 (static_cast<double>(low) - static_cast<double>(before) - 1.0);
      if (distance >= gap.distance) gap = {distance, i, k};
      if (i > 0) --i;
    }
    k = std::min(k, majorant.size() - 1);
    if (minorant[i] == majorant[k]) return gap;
  }
}

/// Largest distance of the empirical function from the minorant, between its corners `from`..last.
double above_minorant(std::span<const double> x, const std::vector<std::size_t>& corner,
                      std::size_t from) {
  double most = 1.0;
  for (std::size_t j = from; j + 1 < corner.size(); ++j) {
    const std::size_t left = corner[j + 1];
    const std::size_t right = corner[j];
    if (right - left <= 1 || x[right] == x[left]) continue;
    for (std::size_t i = left; i <= right; ++i) {
      most = std::max(most, static_cast<double>(i - left) + 1.0 - line_at(x, left, right, i));
    }
  }
  return most;
}

double below_majorant(std::span<const double> x, const std::vector<std::size_t>& corner,
                      std::size_t from) {
  double most = 1.0;
  for (std::size_t j = from; j + 1 < corner.size(); ++j) {
    const std::size_t left = corner[j];
    const std::size_t right = corner[j + 1];
    if (right - left <= 1 || x[right] == x[left]) continue;
    for (std::size_t i = left; i <= right; ++i) {
      most = std::max(most, line_at(x, left, right, i) - (static_cast<double>(i - left) - 1.0));
    }
  }
  return most;
}

}  // namespace

double dip_of(std::span<const double> sorted) {
  const auto size = static_cast<double>(sorted.size());
  double dip = 1.0;
  if (sorted.size() < 2 || sorted.front() == sorted.back()) return dip / (2.0 * size);
  const std::vector<std::size_t> minorant_next = minorant_of(sorted);
  const std::vector<std::size_t> majorant_next = majorant_of(sorted);
  std::size_t low = 0;
  std::size_t high = sorted.size() - 1;
  for (;;) {
    const std::vector<std::size_t> minorant = corners(minorant_next, high, low, true);
    const std::vector<std::size_t> majorant = corners(majorant_next, low, high, false);
    const Gap gap = gap_between(sorted, minorant, majorant);
    if (gap.distance < dip) break;
    dip = std::max({dip, above_minorant(sorted, minorant, gap.low),
                    below_majorant(sorted, majorant, gap.high)});
    if (low == minorant[gap.low] && high == majorant[gap.high]) break;
    low = minorant[gap.low];
    high = majorant[gap.high];
    if (low >= high) break;
  }
  return dip / (2.0 * size);
}

double dip_test(std::span<const double> values, int draws, RandomStream stream) {
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  const double observed = dip_of(sorted) * std::sqrt(static_cast<double>(sorted.size()));
  const std::size_t size = std::min(sorted.size(), kLargestSample);
  std::vector<double> drawn(size);
  int as_large = 0;
  for (int i = 0; i < draws; ++i) {
    // Sums of exponential numbers are the order statistics of uniform ones, up to a factor.
    double sum = 0.0;
    for (double& value : drawn) value = sum -= std::log1p(-stream.uniform());
    if (dip_of(drawn) * std::sqrt(static_cast<double>(size)) >= observed) ++as_large;
  }
  return (1.0 + as_large) / (1.0 + draws);
}

}  // namespace minima
