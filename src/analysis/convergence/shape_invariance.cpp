#include "analysis/convergence/shape_invariance.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "analysis/population/same_but_widths.h"
#include "core/numbers/random.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"
#include "statistics/statistics.h"

namespace minima::analysis {
namespace {

// Neighbours of the architectures, sorted by parameters: those of the i-th are first[i] to last[i]
// - 1, including itself.
struct Neighbours {
  std::vector<std::size_t> first;
  std::vector<std::size_t> last;
};

Neighbours neighbours_of(const std::vector<Replicates>& sorted, double tolerance) {
  Neighbours neighbours;
  std::size_t first = 0;
  std::size_t last = 0;
  const auto near = [&](std::size_t small, std::size_t large) {
    return static_cast<double>(sorted[large].parameters) <=
           static_cast<double>(sorted[small].parameters) * (1.0 + tolerance);
  };
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    while (!near(first, i)) ++first;
    while (last < sorted.size() && (last <= i || near(i, last))) ++last;
    neighbours.first.push_back(first);
    neighbours.last.push_back(last);
  }
  return neighbours;
}

// Mean of each architecture, and variance of its replicates.
struct Summary {
  std::vector<double> mean;
  std::vector<double> variance;
};

struct Components {
  double shape = 0.0;
  double between = 0.0;
  double seed = 0.0;
  [[nodiscard]] double total() const { return between + seed; }
};

using Shares = std::array<double, 3>;  // parameters, shape, seed

Shares shares_of(const Components& c) {
  return {(c.between - c.shape) / c.total(), c.shape / c.total(), c.seed / c.total()};
}

Components clipped(const Components& c) {
  const double between = std::max(c.between, 0.0);
  return {.shape = std::clamp(c.shape, 0.0, between), .between = between, .seed = c.seed};
}

// `noise`: variance of each mean, which inflates the squared distances.
Components components_of(const Summary& summary, const std::vector<double>& noise,
                         const Neighbours& neighbours) {
  const std::size_t count = summary.mean.size();
  Moments means;
  Moments variances;
  Moments noises;
  for (std::size_t i = 0; i < count; ++i) {
    means.add(summary.mean[i]);
    variances.add(summary.variance[i]);
    noises.add(noise[i]);
  }
  // Sums over neighbours are differences of prefix sums. The values are centred to avoid
  // cancellation.
  std::vector<std::array<double, 3>> sums(count + 1);
  for (std::size_t i = 0; i < count; ++i) {
    const double m = summary.mean[i] - means.mean();
    sums[i + 1] = {sums[i][0] + m, sums[i][1] + m * m, sums[i][2] + noise[i]};
  }
  Moments shape;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& from = sums[neighbours.first[i]];
    const auto& to = sums[neighbours.last[i]];
    const auto members = static_cast<double>(neighbours.last[i] - neighbours.first[i]);
    const double m = summary.mean[i] - means.mean();
    const double squares = members * m * m - 2.0 * m * (to[0] - from[0]) + (to[1] - from[1]);
    const double excess = (members - 2.0) * noise[i] + (to[2] - from[2]);
    shape.add((squares - excess) / (2.0 * (members - 1.0)));
  }
  const double spread = means.sample_sd();
  return {
      .shape = shape.mean(), .between = spread * spread - noises.mean(), .seed = variances.mean()};
}

Summary summary_of(const std::vector<Replicates>& architectures) {
  Summary summary;
  for (const Replicates& architecture : architectures) {
    Moments moments;
    for (const double accuracy : architecture.accuracies) moments.add(accuracy);
    summary.mean.push_back(moments.mean());
    summary.variance.push_back(moments.sample_sd() * moments.sample_sd());
  }
  return summary;
}

std::vector<double> noise_of(const Summary& summary, const std::vector<Replicates>& architectures) {
  std::vector<double> noise;
  for (std::size_t i = 0; i < architectures.size(); ++i) {
    noise.push_back(summary.variance[i] / static_cast<double>(architectures[i].accuracies.size()));
  }
  return noise;
}

// Source of bootstrap data whose fractions are known and close to the estimates: centres, plus
// deviations whose population variance is that of the replicates.
struct Source {
  std::vector<double> centres;
  std::vector<std::vector<double>> deviations;
  Shares shares{};
};

std::vector<double> shrunk_means(const Summary& summary, const Neighbours& neighbours, double shape,
                                 double shape_of_means) {
  const double factor =
      shape_of_means > 0.0 ? std::sqrt(std::max(shape, 0.0) / shape_of_means) : 0.0;
  std::vector<double> centres;
  for (std::size_t i = 0; i < summary.mean.size(); ++i) {
    Moments local;
    for (std::size_t j = neighbours.first[i]; j < neighbours.last[i]; ++j) {
      local.add(summary.mean[j]);
    }
    centres.push_back(local.mean() + std::min(factor, 1.0) * (summary.mean[i] - local.mean()));
  }
  return centres;
}

Source source_of(const std::vector<Replicates>& architectures, const Summary& summary,
                 const Neighbours& neighbours, double shape) {
  const std::vector<double> none(architectures.size(), 0.0);
  const double shape_of_means = components_of(summary, none, neighbours).shape;
  Source source;
  source.centres = shrunk_means(summary, neighbours, shape, shape_of_means);
  for (std::size_t i = 0; i < architectures.size(); ++i) {
    const std::vector<double>& accuracies = architectures[i].accuracies;
    const auto n = static_cast<double>(accuracies.size());
    source.deviations.emplace_back();
    for (const double accuracy : accuracies) {
      source.deviations.back().push_back(std::sqrt(n / (n - 1.0)) * (accuracy - summary.mean[i]));
    }
  }
  source.shares = shares_of(
      components_of({.mean = source.centres, .variance = summary.variance}, none, neighbours));
  return source;
}

Summary drawn(const Source& source, RandomStream& random) {
  Summary summary;
  for (std::size_t i = 0; i < source.centres.size(); ++i) {
    const std::vector<double>& deviations = source.deviations[i];
    Moments moments;
    for (std::size_t r = 0; r < deviations.size(); ++r) {
      moments.add(deviations[static_cast<std::size_t>(random.below(deviations.size()))]);
    }
    summary.mean.push_back(source.centres[i] + moments.mean());
    summary.variance.push_back(moments.sample_sd() * moments.sample_sd());
  }
  return summary;
}

// Quantiles of the errors of each fraction: lower, upper.
std::array<std::pair<double, double>, 3> errors_of(const Source& source,
                                                   const std::vector<Replicates>& architectures,
                                                   const Neighbours& neighbours,
                                                   const study::AnalysisSettings& settings,
                                                   std::string_view subject) {
  std::array<std::vector<double>, 3> errors;
  for (int sample = 0; sample < std::max(settings.bootstrap_samples, 1); ++sample) {
    RandomStream random(settings.seed, subject_of(subject), Purpose::bootstrap,
                        static_cast<std::uint32_t>(sample));
    const Summary summary = drawn(source, random);
    const Components components =
        components_of(summary, noise_of(summary, architectures), neighbours);
    if (!(components.total() > 0.0)) continue;  // all draws picked the same run
    const Shares shares = shares_of(components);
    for (std::size_t s = 0; s < 3; ++s) errors[s].push_back(shares[s] - source.shares[s]);
  }
  const double tail = 0.5 * (1.0 - settings.confidence);
  std::array<std::pair<double, double>, 3> quantiles;
  for (std::size_t s = 0; s < 3; ++s) {
    if (errors[s].empty()) errors[s].push_back(0.0);
    quantiles[s] = {quantile(errors[s], tail), quantile(errors[s], 1.0 - tail)};
  }
  return quantiles;
}

ShapeEffect missing(std::string reason, std::size_t left_out) {
  ShapeEffect effect;
  effect.missing = std::move(reason);
  effect.left_out = static_cast<std::int64_t>(left_out);
  return effect;
}

// Removes architectures without neighbours; returns the neighbours of the rest.
Neighbours keep_neighbours(std::vector<Replicates>& sorted, double tolerance) {
  const Neighbours all = neighbours_of(sorted, tolerance);
  std::vector<Replicates> kept;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (all.last[i] - all.first[i] > 1) kept.push_back(std::move(sorted[i]));
  }
  sorted = std::move(kept);
  return neighbours_of(sorted, tolerance);
}

}  // namespace

ShapeEffect shape_effect(std::vector<Replicates> architectures,
                         const study::AnalysisSettings& settings, std::string_view subject) {
  const std::size_t given = architectures.size();
  if (given < 2) return missing("needs two architectures", given);
  std::erase_if(architectures, [](const auto& a) { return a.accuracies.size() < 2; });
  if (architectures.size() < 2) return missing("needs two architectures with two runs", given);
  std::stable_sort(architectures.begin(), architectures.end(),
                   [](const auto& a, const auto& b) { return a.parameters < b.parameters; });
  const Neighbours neighbours = keep_neighbours(architectures, settings.parameter_tolerance);
  if (architectures.empty()) {
    return missing("no two architectures have nearly equal numbers of parameters", given);
  }
  const Summary summary = summary_of(architectures);
  const Components raw = components_of(summary, noise_of(summary, architectures), neighbours);
  if (!(raw.total() > 0.0)) return missing("all runs have the same accuracy", given);

  const Components used = clipped(raw);
  const Shares values = shares_of(used);
  const Shares estimates = shares_of(raw);
  const Source source = source_of(architectures, summary, neighbours, raw.shape);
  const auto errors = errors_of(source, architectures, neighbours, settings, subject);
  const auto share = [&](std::size_t s) {
    return VarianceShare{.value = values[s],
                         .low = std::clamp(estimates[s] - errors[s].second, 0.0, 1.0),
                         .high = std::clamp(estimates[s] - errors[s].first, 0.0, 1.0)};
  };
  return {.missing = "",
          .architectures = static_cast<std::int64_t>(architectures.size()),
          .left_out = static_cast<std::int64_t>(given - architectures.size()),
          .total_sd = std::sqrt(used.total()),
          .shape_sd = std::sqrt(used.shape),
          .unclipped_shape = estimates[1],
          .parameters = share(0),
          .shape = share(1),
          .seed = share(2)};
}

ShapeInvariance shape_invariance_of(const Population& population, const Selection& selection,
                                    const study::AnalysisSettings& settings) {
  if (selection.family != network::Family::dnn) {
    return {missing("only the hidden layers of fully connected networks have a shape", 0)};
  }
  const record::DatasetRecord& dataset = population.datasets[selection.dataset];
  const std::set<std::string> compared = same_but_widths(population, selection);
  std::set<std::string> others;
  std::map<std::string, Replicates> by_text;
  for (const std::size_t index : selection.runs) {
    const record::RunRow& run = population.runs[index];
    if (!compared.contains(run.architecture)) {
      others.insert(run.architecture);
      continue;
    }
    Replicates& replicates = by_text[run.architecture];
    replicates.parameters = run.parameters;
    const bool diverged =
        run.result.status == record::RunStatus::diverged || std::isnan(run.result.test_accuracy);
    replicates.accuracies.push_back(diverged ? dataset.majority_share : run.result.test_accuracy);
  }
  std::vector<Replicates> all;
  for (const auto& [text, replicates] : by_text) all.push_back(replicates);
  ShapeEffect effect = shape_effect(std::move(all), settings,
                                    "shape " + dataset.name + " " + word_text(selection.family));
  effect.left_out += static_cast<std::int64_t>(others.size());
  return {std::move(effect)};
}

}  // namespace minima::analysis
