#include "statistics/fits/natural_breaks.h"

#include <algorithm>
#include <limits>

namespace minima {
namespace {

// Distinct values in ascending order with prefix sums, which give the cost of any range.
class Stretches {
 public:
  explicit Stretches(std::span<const double> values) {
    std::vector<double> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    // Centred on the median, to keep precision in the differences.
    const double centre = sorted.empty() ? 0.0 : sorted[sorted.size() / 2];
    count_.push_back(0);
    sum_.push_back(0);
    square_.push_back(0);
    for (const double value : sorted) {
      if (distinct_.empty() || value != distinct_.back()) {
        distinct_.push_back(value);
        count_.push_back(count_.back());
        sum_.push_back(sum_.back());
        square_.push_back(square_.back());
      }
      count_.back() += 1;
      sum_.back() += value - centre;
      square_.back() += (value - centre) * (value - centre);
    }
  }

  [[nodiscard]] const std::vector<double>& distinct() const { return distinct_; }

  // Sum of squared distances of values first..last-1 from their mean.
  [[nodiscard]] double cost(std::size_t first, std::size_t last) const {
    const double sum = sum_[last] - sum_[first];
    const double count = count_[last] - count_[first];
    return std::max(square_[last] - square_[first] - sum * sum / count, 0.0);
  }

 private:
  std::vector<double> distinct_;
  std::vector<double> count_;  // [i]: sum over the first i distinct values
  std::vector<double> sum_;
  std::vector<double> square_;
};

// Adds one class: best[i] becomes the smallest cost of the first i values, cut[i] the start of the
// last class. The best cut never decreases with i, so divide and conquer halves the search range.
struct Step {
  const Stretches& stretches;
  const std::vector<double>& before;
  std::vector<double>& best;
  std::vector<std::size_t>& cut;

  void solve(std::size_t low, std::size_t high, std::size_t cut_low, std::size_t cut_high) const {
    if (low > high) return;
    const std::size_t middle = low + (high - low) / 2;
    for (std::size_t c = cut_low; c <= std::min(cut_high, middle - 1); ++c) {
      const double cost = before[c] + stretches.cost(c, middle);
      if (cost >= best[middle]) continue;
      best[middle] = cost;
      cut[middle] = c;
    }
    solve(low, middle - 1, cut_low, cut[middle]);
    solve(middle + 1, high, cut[middle], cut_high);
  }
};

}  // namespace

std::vector<double> natural_breaks(std::span<const double> values, std::size_t classes) {
  const Stretches stretches(values);
  const std::size_t size = stretches.distinct().size();
  classes = std::min(classes, size);
  if (classes == 0) return {};
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  std::vector<double> before(size + 1, kInfinite);
  std::vector<std::vector<std::size_t>> cuts;
  for (std::size_t i = 1; i <= size; ++i) before[i] = stretches.cost(0, i);
  for (std::size_t k = 2; k <= classes; ++k) {
    std::vector<double> best(size + 1, kInfinite);
    cuts.emplace_back(size + 1, k - 1);
    Step{stretches, before, best, cuts.back()}.solve(k, size, k - 1, size - 1);
    before = std::move(best);
  }
  std::vector<double> breaks(classes);
  std::size_t end = size;
  for (std::size_t k = classes; k-- > 1;) {
    end = cuts[k - 1][end];
    breaks[k] = stretches.distinct()[end];
  }
  breaks[0] = stretches.distinct()[0];
  return breaks;
}

}  // namespace minima
