#include "measure/tensor_summary.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/numbers/random.h"
#include "measure/weight_histogram.h"
#include "statistics/quantile.h"
#include "statistics/statistics.h"

namespace minima::measure {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// A matrix with at most as many rows as columns.
struct Wide {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<float> values;
};

Wide wide_matrix(std::span<const float> values, std::size_t columns) {
  const std::size_t rows = values.size() / columns;
  if (rows <= columns) return {rows, columns, {values.begin(), values.end()}};
  Wide wide{columns, rows, std::vector<float>(values.size())};
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) wide.values[c * rows + r] = values[r * columns + c];
  }
  return wide;
}

// Several independent sums: a single one would wait for each addition.
float product(const float* a, const float* b, std::size_t count) {
  constexpr std::size_t kLanes = 16;
  float sums[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  }
  float sum = 0.0F;
  for (const float part : sums) sum += part;
  for (; i < count; ++i) sum += a[i] * b[i];
  return sum;
}

// W W^T of a matrix whose largest magnitude is 1.
std::vector<float> gram_matrix(const Wide& matrix) {
  std::vector<float> gram(matrix.rows * matrix.rows);
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const float value = product(matrix.values.data() + i * matrix.columns,
                                  matrix.values.data() + j * matrix.columns, matrix.columns);
      gram[i * matrix.rows + j] = value;
      gram[j * matrix.rows + i] = value;
    }
  }
  return gram;
}

double norm(const std::vector<float>& v) {
  double sum = 0.0;
  for (const float x : v) sum += static_cast<double>(x) * x;
  return std::sqrt(sum);
}

double largest_eigenvalue(const std::vector<float>& gram, std::size_t n) {
  RandomStream random(0, subject_of("stable rank"), Purpose::weight_statistics);
  std::vector<float> v(n);
  for (float& x : v) x = static_cast<float>(random.normal());
  std::vector<float> next(n);
  double eigenvalue = 0.0;
  for (int step = 0; step < 1000; ++step) {
    const auto scale = static_cast<float>(1.0 / norm(v));
    for (float& x : v) x *= scale;
    for (std::size_t i = 0; i < n; ++i) next[i] = product(gram.data() + i * n, v.data(), n);
    const double last = eigenvalue;
    eigenvalue = norm(next);
    if (eigenvalue == 0.0 || std::abs(eigenvalue - last) <= 1e-8 * eigenvalue) break;
    v.swap(next);
  }
  return eigenvalue;
}

struct CentralMoments {
  double second = 0.0;
  double third = 0.0;
  double fourth = 0.0;
};

CentralMoments central_moments(std::span<const float> values, double mean) {
  CentralMoments sums;
  for (const float value : values) {
    const double d = value - mean;
    sums.second += d * d;
    sums.third += d * d * d;
    sums.fourth += d * d * d * d;
  }
  const auto n = static_cast<double>(values.size());
  return {sums.second / n, sums.third / n, sums.fourth / n};
}

record::TensorStatistics undefined_statistics() {
  record::TensorStatistics statistics;
  for (double* figure : {&statistics.mean, &statistics.sd, &statistics.skewness,
                         &statistics.kurtosis, &statistics.near_zero, &statistics.l1,
                         &statistics.l2, &statistics.max, &statistics.stable_rank}) {
    *figure = kNone;
  }
  return statistics;
}

void add_norms(record::TensorStatistics& statistics, std::span<const float> values) {
  double squares = 0.0;
  statistics.l1 = statistics.max = statistics.mean = 0.0;
  for (const float value : values) {
    const double magnitude = std::fabs(value);
    statistics.mean += value;
    statistics.l1 += magnitude;
    squares += magnitude * magnitude;
    statistics.max = std::max(statistics.max, magnitude);
  }
  statistics.mean /= static_cast<double>(values.size());
  statistics.l2 = std::sqrt(squares);
}

void add_moments(record::TensorStatistics& statistics, std::span<const float> values) {
  const auto [least, most] = std::ranges::minmax(values);
  if (least == most) {  // the rounded mean of equal numbers may differ from them
    statistics.mean = least;
    statistics.sd = 0.0;
    return;
  }
  const CentralMoments moments = central_moments(values, statistics.mean);
  statistics.sd = std::sqrt(moments.second);
  statistics.skewness = moments.third / std::pow(moments.second, 1.5);
  statistics.kurtosis = moments.fourth / (moments.second * moments.second) - 3.0;
  const double limit = kNearZero * statistics.sd;
  const auto near =
      std::ranges::count_if(values, [&](float value) { return std::fabs(value) < limit; });
  statistics.near_zero = static_cast<double>(near) / static_cast<double>(values.size());
}

}  // namespace

double stable_rank(std::span<const float> values, std::size_t columns) {
  float largest = 0.0F;
  for (const float value : values) largest = std::max(largest, std::fabs(value));
  if (largest == 0.0F) return kNone;
  Wide matrix = wide_matrix(values, columns);
  // Scaled to a largest magnitude of 1: squares of very small or large weights would leave the
  // range of floats.
  double squares = 0.0;
  for (float& value : matrix.values) {
    value /= largest;
    squares += static_cast<double>(value) * value;
  }
  const double eigenvalue = largest_eigenvalue(gram_matrix(matrix), matrix.rows);
  return std::max(1.0, squares / eigenvalue);
}

record::TensorStatistics statistics_of(std::span<const float> values, std::size_t columns) {
  record::TensorStatistics statistics = undefined_statistics();
  statistics.count = static_cast<std::int64_t>(values.size());
  statistics.not_finite =
      std::ranges::count_if(values, [](float value) { return !std::isfinite(value); });
  if (values.empty() || statistics.not_finite > 0) return statistics;
  add_norms(statistics, values);
  add_moments(statistics, values);
  if (columns > 0) statistics.stable_rank = stable_rank(values, columns);
  return statistics;
}

std::vector<float> quantile_function(std::span<const float> values, int count) {
  if (values.empty()) return {};
  std::vector<float> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  std::vector<float> quantiles;
  for (int i = 0; i < count; ++i) {
    quantiles.push_back(static_cast<float>(quantile_of_sorted<float>(sorted, (i + 0.5) / count)));
  }
  return quantiles;
}

record::NodeStrengths node_strengths(std::span<const float> values, std::size_t columns) {
  std::vector<float> strengths;
  Moments moments;
  for (std::size_t begin = 0; begin < values.size(); begin += columns) {
    double sum = 0.0;
    for (const float value : values.subspan(begin, columns)) sum += std::fabs(value);
    moments.add(sum);
    strengths.push_back(static_cast<float>(sum));
  }
  record::NodeStrengths nodes{.nodes = moments.count(),
                              .mean = moments.mean(),
                              .sd = std::sqrt(moments.population_variance()),
                              .min = moments.min(),
                              .max = moments.max(),
                              .values = std::move(strengths)};
  if (nodes.nodes > kNodeValues) nodes.values = quantile_function(nodes.values, kNodeValues);
  return nodes;
}

record::WeightSummary summary_of(const network::Tensor& tensor, std::span<const float> values) {
  const network::TensorSpec& spec = tensor.spec;
  record::WeightSummary summary{.name = spec.name, .shape = spec.shape};
  const bool is_matrix = tensor.role == network::Role::weight && !values.empty();
  const std::size_t columns =
      is_matrix ? values.size() / static_cast<std::size_t>(spec.shape.front()) : 0;
  summary.statistics = statistics_of(values, columns);
  if (!is_matrix || summary.statistics.not_finite > 0) return summary;
  summary.quantiles = quantile_function(values, kQuantiles);
  WeightHistogram histogram;
  histogram.add(values);
  summary.histogram = histogram.counts();
  summary.nodes = node_strengths(values, columns);
  return summary;
}

}  // namespace minima::measure
