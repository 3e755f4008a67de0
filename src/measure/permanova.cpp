// The sum of squares of m points about their centroid is the sum of their squared distances, each
// pair counted once, divided by m. So no coordinates are needed.
#include "measure/permanova.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/numbers/tolerance.h"
#include "statistics/permutation_test.h"

namespace minima::measure {
namespace {

struct Stratum {
  std::vector<std::size_t> points;
  std::vector<std::size_t> labels;  // labels of the points, numbered from 0
  std::vector<double> sizes;        // number of points with each label
  double total = 0.0;               // sum of squares
};

class Strata {
 public:
  Strata(std::span<const float> squares, std::span<const int> labels, std::span<const int> strata)
      : squares_(squares), count_(labels.size()) {
    std::map<int, std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < count_; ++i) members[strata[i]].push_back(i);
    for (auto& [number, points] : members) add(std::move(points), labels);
  }

  [[nodiscard]] bool empty() const { return !(total_ > 0.0); }
  [[nodiscard]] double total() const { return total_; }
  [[nodiscard]] double points() const { return points_; }
  [[nodiscard]] double labels() const { return labels_; }
  [[nodiscard]] double size() const { return static_cast<double>(strata_.size()); }

  [[nodiscard]] double within() const {
    double sum = 0.0;
    for (const Stratum& stratum : strata_) sum += within(stratum);
    return sum;
  }

  void shuffle(RandomStream& random) {
    for (Stratum& stratum : strata_) random.shuffle(std::span(stratum.labels));
  }

 private:
  void add(std::vector<std::size_t> points, std::span<const int> labels) {
    Stratum stratum{.points = std::move(points)};
    std::map<int, std::size_t> numbers;
    for (const std::size_t i : stratum.points) numbers.try_emplace(labels[i], numbers.size());
    if (numbers.size() < 2 || numbers.size() == stratum.points.size()) return;
    stratum.sizes.assign(numbers.size(), 0.0);
    for (const std::size_t i : stratum.points) {
      stratum.labels.push_back(numbers.at(labels[i]));
      stratum.sizes[stratum.labels.back()] += 1.0;
    }
    for (const std::size_t i : stratum.points) {
      for (const std::size_t j : stratum.points) stratum.total += square(i, j) / 2.0;
    }
    stratum.total /= static_cast<double>(stratum.points.size());
    total_ += stratum.total;
    points_ += static_cast<double>(stratum.points.size());
    labels_ += static_cast<double>(numbers.size());
    strata_.push_back(std::move(stratum));
  }

  [[nodiscard]] double within(const Stratum& stratum) const {
    double sum = 0.0;
    for (std::size_t i = 1; i < stratum.points.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (stratum.labels[i] != stratum.labels[j]) continue;
        sum += square(stratum.points[i], stratum.points[j]) / stratum.sizes[stratum.labels[i]];
      }
    }
    return sum;
  }

  [[nodiscard]] double square(std::size_t i, std::size_t j) const {
    return static_cast<double>(squares_[i * count_ + j]);
  }

  std::span<const float> squares_;
  std::size_t count_;
  std::vector<Stratum> strata_;
  double total_ = 0.0;
  double points_ = 0.0;
  double labels_ = 0.0;  // number of labels, summed over the strata
};

}  // namespace

std::optional<Permanova> permanova(std::span<const float> squares, std::span<const int> labels,
                                   std::span<const int> strata, int permutations,
                                   RandomStream random) {
  Strata data(squares, labels, strata);
  if (data.empty()) return std::nullopt;
  const double within = data.within();
  Permanova result{.r_squared = 1.0 - within / data.total()};
  const double among = (data.total() - within) / (data.labels() - data.size());
  result.pseudo_f = among / (within / (data.points() - data.labels()));
  PermutationTest above(permutations, static_cast<std::size_t>(data.points()));
  PermutationTest below(permutations, static_cast<std::size_t>(data.points()));
  double sum = 0.0;
  while (above.goes_on() || below.goes_on()) {
    data.shuffle(random);
    const double r_squared = 1.0 - data.within() / data.total();
    sum += r_squared;
    above.add(r_squared >= result.r_squared - kRounding);
    below.add(r_squared <= result.r_squared + kRounding);
  }
  result.expected = sum / above.made();
  result.p_above = above.p();
  result.p_below = below.p();
  return result;
}

std::vector<double> distances_from_centroid(std::span<const float> squares,
                                            std::span<const int> labels) {
  const std::size_t n = labels.size();
  std::map<int, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < n; ++i) groups[labels[i]].push_back(i);
  std::vector<double> distances(n, std::numeric_limits<double>::quiet_NaN());
  for (const auto& [label, points] : groups) {
    const auto m = static_cast<double>(points.size());
    if (points.size() < 2) continue;
    std::vector<double> means;  // mean squared distance of each point to its group
    double mean = 0.0;
    for (const std::size_t i : points) {
      double sum = 0.0;
      for (const std::size_t j : points) sum += static_cast<double>(squares[i * n + j]);
      means.push_back(sum / m);
      mean += means.back() / m;
    }
    for (std::size_t k = 0; k < points.size(); ++k) {
      const double square = std::max(0.0, means[k] - mean / 2.0);
      distances[points[k]] = std::sqrt(square * m / (m - 1.0));
    }
  }
  return distances;
}

}  // namespace minima::measure
