#include "analysis/convergence/shape_spread.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/population/levels.h"
#include "analysis/population/same_but_widths.h"
#include "network/notation/architecture.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "statistics/distributions.h"
#include "statistics/statistics.h"

namespace minima::analysis {
namespace {

/// Data of the model, one row per architecture.
struct Means {
  std::vector<double> mean;
  std::vector<double> by_seeds;             // variance of each mean due to replicates
  std::vector<double> by_images;            // variance of each mean due to test-image sampling
  std::int64_t seed_degrees = 0;            // degrees of freedom of `by_seeds`
  std::vector<std::vector<double>> design;  // 1, ln(parameters), one column per further depth
};

/// Sum of squared least-squares residuals on the columns of `design`, by Gram-Schmidt. Linearly
/// dependent columns are skipped. Sets the rank.
double residual_sum(std::vector<double> y, const std::vector<std::vector<double>>& design,
                    int& rank) {
  constexpr double kDependent = 1e-9;
  std::vector<std::vector<double>> basis;
  const auto product = [](const auto& a, const auto& b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
  };
  const auto take_out = [&](std::vector<double>& from, const std::vector<double>& unit) {
    const double along = product(from, unit);
    for (std::size_t i = 0; i < from.size(); ++i) from[i] -= along * unit[i];
  };
  for (std::size_t c = 0; c < design.front().size(); ++c) {
    std::vector<double> column;
    for (const auto& row : design) column.push_back(row[c]);
    const double before = std::sqrt(product(column, column));
    for (int twice = 0; twice < 2; ++twice) {
      for (const auto& unit : basis) take_out(column, unit);
    }
    const double length = std::sqrt(product(column, column));
    if (!(length > kDependent * before)) continue;
    for (double& value : column) value /= length;
    take_out(y, column);
    basis.push_back(std::move(column));
  }
  rank = static_cast<int>(basis.size());
  return product(y, y);
}

/// Q: the weighted residual sum of squares if the variance between shapes is `tau_squared`.
double weighted_sum(const Means& means, double tau_squared, int& rank) {
  std::vector<double> y = means.mean;
  std::vector<std::vector<double>> design = means.design;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double root = 1.0 / std::sqrt(tau_squared + means.by_seeds[i] + means.by_images[i]);
    y[i] *= root;
    for (double& value : design[i]) value *= root;
  }
  return residual_sum(std::move(y), design, rank);
}

/// Degrees of freedom of the mean of tau^2 + noise, in which only s^2 is estimated.
double noise_degrees(const Means& means, double tau_squared) {
  double seeds = 0.0;
  double all = 0.0;
  for (std::size_t i = 0; i < means.mean.size(); ++i) {
    seeds += means.by_seeds[i];
    all += tau_squared + means.by_seeds[i] + means.by_images[i];
  }
  constexpr double kMany = 1e6;
  return std::min(kMany, static_cast<double>(means.seed_degrees) * (all / seeds) * (all / seeds));
}

/// Probability of a Q below the observed one if tau is the true value.
double p_below(const Means& means, double tau) {
  int rank = 0;
  const double q = weighted_sum(means, tau * tau, rank);
  const auto degrees = static_cast<double>(means.mean.size()) - rank;
  return f_lower_tail(q / degrees, degrees, noise_degrees(means, tau * tau));
}

/// Root of a function of tau that falls, possibly after a rise; 0 if it starts below 0.
template <typename Function>
double root_of(const Function& excess) {
  if (excess(0.0) <= 0.0) return 0.0;
  double low = 0.0;
  double high = 1e-3;
  while (excess(high) > 0.0 && high < 1e3) high *= 2.0;
  for (int step = 0; step < 80; ++step) {
    const double middle = 0.5 * (low + high);
    (excess(middle) > 0.0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

/// The tau for which a Q below the observed one has this probability.
double tau_of(const Means& means, double probability) {
  return root_of([&](double tau) { return p_below(means, tau) - probability; });
}

Means means_of(const std::vector<ShapedNetwork>& networks, double seed_variance,
               std::int64_t test_images) {
  std::set<int> depths;
  for (const ShapedNetwork& network : networks) depths.insert(network.depth);
  Means means;
  for (const ShapedNetwork& network : networks) {
    Moments moments;
    for (const double accuracy : network.accuracies) moments.add(accuracy);
    means.mean.push_back(moments.mean());
    means.by_seeds.push_back(seed_variance / static_cast<double>(moments.count()));
    means.by_images.push_back((1.0 - kSharedImages) * image_variance(moments.mean(), test_images));
    means.seed_degrees += moments.count() - 1;
    std::vector<double> row{1.0, std::log(static_cast<double>(network.parameters))};
    for (auto depth = std::next(depths.begin()); depth != depths.end(); ++depth) {
      row.push_back(network.depth == *depth ? 1.0 : 0.0);
    }
    means.design.push_back(std::move(row));
  }
  return means;
}

double pooled_variance(const std::vector<ShapedNetwork>& networks) {
  double squares = 0.0;
  std::int64_t degrees = 0;
  for (const ShapedNetwork& network : networks) {
    Moments moments;
    for (const double accuracy : network.accuracies) moments.add(accuracy);
    squares += moments.population_variance() * static_cast<double>(moments.count());
    degrees += moments.count() - 1;
  }
  return degrees > 0 ? squares / static_cast<double>(degrees) : 0.0;
}

}  // namespace

ShapeSpread shape_spread(const std::vector<ShapedNetwork>& networks, std::int64_t test_images,
                         double tolerance, double confidence) {
  ShapeSpread spread{.architectures = static_cast<std::int64_t>(networks.size())};
  if (networks.size() < kFewestShapes) {
    spread.missing = "needs six architectures with two runs";
    return spread;
  }
  const double seed_variance = pooled_variance(networks);
  if (!(seed_variance > 0.0)) {
    spread.missing = "all replicates have the same accuracy";
    return spread;
  }
  const Means means = means_of(networks, seed_variance, test_images);
  int rank = 0;
  (void)weighted_sum(means, 0.0, rank);
  spread.degrees = static_cast<int>(networks.size()) - rank;
  if (spread.degrees < kFewestShapeDegrees) {
    spread.missing = "needs more architectures for as many depths";
    return spread;
  }
  const Means without_images = means_of(networks, seed_variance, 0);
  const double tail = (1.0 - confidence) / 2.0;
  spread.seed_sd = std::sqrt(seed_variance);
  spread.sd =
      root_of([&](double tau) { return weighted_sum(means, tau * tau, rank) - spread.degrees; });
  spread.low = tau_of(means, 1.0 - tail);
  spread.high = tau_of(without_images, tail);
  spread.p_of_large = p_below(without_images, tolerance);
  // The null hypothesis is any tau up to the tolerance. The probability may first rise with tau,
  // because the noise has more degrees of freedom then. Its minimum is at one of the two ends.
  spread.p_of_small = 1.0 - std::min(p_below(means, 0.0), p_below(means, tolerance));
  return spread;
}

std::vector<ShapedNetwork> large_shapes(const Population& population, const Selection& selection) {
  if (selection.family != network::Family::dnn) return {};
  const double chance = population.datasets[selection.dataset].majority_share;
  const std::set<std::string> compared = same_but_widths(population, selection);
  std::map<std::string, ShapedNetwork> networks;
  for (const std::size_t index : selection.runs) {
    const record::RunRow& run = population.runs[index];
    if (!compared.contains(run.architecture)) continue;
    const auto parsed = network::Architecture::parse(run.architecture);
    const auto& dnn = std::get<network::Dnn>(parsed.shape());
    if (dnn.hidden.empty()) continue;
    ShapedNetwork& network = networks[run.architecture];
    network.parameters = run.parameters;
    network.depth = static_cast<int>(dnn.hidden.size());
    const bool has_number =
        run.result.status != record::RunStatus::diverged && std::isfinite(run.result.test_accuracy);
    network.accuracies.push_back(has_number ? run.result.test_accuracy : chance);
  }
  double least = std::numeric_limits<double>::infinity();
  double most = 0.0;
  for (const auto& [text, network] : networks) {
    least = std::min(least, static_cast<double>(network.parameters));
    most = std::max(most, static_cast<double>(network.parameters));
  }
  std::vector<ShapedNetwork> large;
  for (auto& [text, network] : networks) {
    const bool is_large = static_cast<double>(network.parameters) >= std::sqrt(least * most);
    if (is_large && network.accuracies.size() > 1) large.push_back(std::move(network));
  }
  return large;
}

}  // namespace minima::analysis
