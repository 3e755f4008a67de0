// The claims of arXiv 2408.11720 about weights, one by one.
#include <algorithm>
#include <cmath>
#include <functional>

#include "analysis/weights.h"
#include "core/statistics.h"

namespace minima::analysis {
namespace {

constexpr const char* kPopulation = "population";
constexpr const char* kEqualArchitecture = "equal_architecture";

/// Fewest weights whose density has a peak worth the name, and how many standard deviations from
/// zero it counts as at zero.
constexpr std::int64_t kFewestOfPeak = 100;
constexpr double kAtZero = 0.25;

using ValueOf = std::function<double(const RoleWeights&)>;

// Successful and failed runs that have the role; the others take no part.
std::vector<ContrastedRun> contrasted(const WeightFamily& family, const std::string& role,
                                      const std::string& scope, const ValueOf& value_of) {
  std::vector<ContrastedRun> runs;
  for (const WeightRun& run : family.runs) {
    const auto found = run.roles.find(role);
    if (found == run.roles.end() || !(run.successful() || run.failed())) continue;
    runs.push_back({value_of(found->second), run.successful(),
                    scope == kPopulation ? "" : run.run->architecture});
  }
  return runs;
}

// Each value's distance from the median of its like: how similar they are (Brown and Forsythe
// 1974).
std::vector<ContrastedRun> distances_from_median(std::vector<ContrastedRun> runs) {
  std::map<std::pair<std::string, bool>, std::vector<double>> values;
  for (const ContrastedRun& run : runs) {
    values[{run.stratum, run.successful}].push_back(run.value);
  }
  for (ContrastedRun& run : runs) {
    run.value = std::abs(run.value - quantile(values[{run.stratum, run.successful}], 0.5));
  }
  return runs;
}

class Findings {
 public:
  Findings(const WeightFamily& family, const study::AnalysisSettings& settings)
      : family_(family), settings_(settings) {}

  void add_contrast(const std::string& finding, const std::string& role, const std::string& scope,
                    const std::vector<ContrastedRun>& runs, int sign) {
    WeightFinding& row = add(finding, role, scope, "cliff_delta");
    const auto found = contrast(runs, settings_.confidence, settings_.permutations,
                                random(finding + role + scope));
    if (!found) return;
    row.successful = found->successful;
    row.failed = found->failed;
    row.value = found->delta;
    row.low = found->low;
    row.high = found->high;
    row.p = found->p;
    if (std::min(found->successful, found->failed) < kFewestContrasted) return;
    row.verdict = found->p > 1.0 - settings_.confidence ? Verdict::undecided
                                                        : verdict_of(found->low, found->high, sign);
  }

  void add_sigma(const std::string& role) {
    const auto sd = [](const RoleWeights& weights) { return weights.sd; };
    for (const char* scope : {kPopulation, kEqualArchitecture}) {
      const auto runs = contrasted(family_, role, scope, sd);
      add_contrast("low_sigma", role, scope, runs, -1);
      add_contrast("similar_sigma", role, scope, distances_from_median(runs), -1);
    }
  }

  void add_strength(const std::string& role) {
    const auto strength = [](const RoleWeights& weights) { return weights.node_strength; };
    for (const char* scope : {kPopulation, kEqualArchitecture}) {
      add_contrast(role == "attention" ? "low_attention_strength" : "high_strength", role, scope,
                   contrasted(family_, role, scope, strength), role == "attention" ? -1 : 1);
    }
  }

  void add_output_most(const std::vector<std::string>& roles);
  void add_zero_peak(const std::string& role);
  void add_correlations(const std::vector<NodeCorrelation>& correlations);

  [[nodiscard]] std::vector<WeightFinding> take() { return std::move(findings_); }

 private:
  WeightFinding& add(std::string finding, std::string layer, std::string scope,
                     std::string statistic) {
    return findings_.emplace_back(WeightFinding{.finding = std::move(finding),
                                                .layer = std::move(layer),
                                                .scope = std::move(scope),
                                                .statistic = std::move(statistic)});
  }

  [[nodiscard]] RandomStream random(const std::string& what) const {
    return {settings_.seed, subject_of(family_.dataset + "|" + family_.family + "|" + what),
            Purpose::weight_statistics};
  }

  const WeightFamily& family_;
  const study::AnalysisSettings& settings_;
  std::vector<WeightFinding> findings_;
};

double delta_of(const std::vector<double>& successful, std::vector<double> failed) {
  std::ranges::sort(failed);
  double sum = 0.0;
  for (const double value : successful) {
    const auto [below, above] = std::ranges::equal_range(failed, value);
    sum += static_cast<double>((below - failed.begin()) - (failed.end() - above));
  }
  return sum / (static_cast<double>(successful.size()) * static_cast<double>(failed.size()));
}

// Sigma of the other layers, put together, and of the output layer, of each run.
struct TwoSigmas {
  std::vector<double> others;
  std::vector<double> output;
};

double difference_of(const TwoSigmas& successful, const TwoSigmas& failed) {
  return delta_of(successful.output, failed.output) - delta_of(successful.others, failed.others);
}

TwoSigmas redrawn(const TwoSigmas& runs, RandomStream& random) {
  TwoSigmas result;
  for (std::size_t i = 0; i < runs.output.size(); ++i) {
    const std::size_t at = random.below(runs.output.size());
    result.others.push_back(runs.others[at]);
    result.output.push_back(runs.output[at]);
  }
  return result;
}

void Findings::add_output_most(const std::vector<std::string>& roles) {
  TwoSigmas successful;
  TwoSigmas failed;
  for (const WeightRun& run : family_.runs) {
    if (!(run.successful() || run.failed()) || !run.roles.contains("output")) continue;
    double logs = 0.0;  // the geometric mean: layers differ in scale
    int others = 0;
    for (const std::string& role : roles) {
      const auto found = run.roles.find(role);
      if (role == "output" || found == run.roles.end() || !(found->second.sd > 0.0)) continue;
      logs += std::log(found->second.sd);
      ++others;
    }
    if (others == 0) continue;
    TwoSigmas& side = run.successful() ? successful : failed;
    side.others.push_back(std::exp(logs / others));
    side.output.push_back(run.roles.at("output").sd);
  }
  WeightFinding& row = add("low_sigma_most_in_output", "output", kPopulation, "delta_difference");
  row.successful = static_cast<std::int64_t>(successful.output.size());
  row.failed = static_cast<std::int64_t>(failed.output.size());
  if (std::min(row.successful, row.failed) < kFewestContrasted) return;
  RandomStream draws = random(row.finding);
  std::vector<double> differences;
  for (int i = 0; i < settings_.bootstrap_samples; ++i) {
    const TwoSigmas a = redrawn(successful, draws);
    differences.push_back(difference_of(a, redrawn(failed, draws)));
  }
  const double tail = (1.0 - settings_.confidence) / 2.0;
  row.value = difference_of(successful, failed);
  row.low = quantile(differences, tail);
  row.high = quantile(differences, 1.0 - tail);
  row.verdict = verdict_of(*row.low, *row.high, -1);
}

void Findings::add_zero_peak(const std::string& role) {
  WeightFinding& row = add("peak_at_zero", role, kPopulation, "share");
  std::int64_t at_zero = 0;
  for (const WeightRun& run : family_.runs) {
    const auto found = run.roles.find(role);
    if (!run.successful() || found == run.roles.end()) continue;
    const RoleWeights& weights = found->second;
    if (weights.weights < kFewestOfPeak || !(weights.sd > 0.0) || !weights.mode) continue;
    ++row.successful;
    if (std::abs(*weights.mode) <= kAtZero * weights.sd) ++at_zero;
  }
  if (row.successful == 0) return;
  const double one_sided = (1.0 + settings_.confidence) / 2.0;
  row.value = static_cast<double>(at_zero) / static_cast<double>(row.successful);
  row.high = binomial_upper_limit(at_zero, row.successful, one_sided);
  row.low = 1.0 - binomial_upper_limit(row.successful - at_zero, row.successful, one_sided);
  if (row.successful < kFewestContrasted) return;
  row.verdict = verdict_of(*row.low, *row.high, 1, 0.5);
}

void Findings::add_correlations(const std::vector<NodeCorrelation>& correlations) {
  for (const NodeCorrelation& each : correlations) {
    if (each.group != AccuracyGroup::high) continue;
    WeightFinding& row =
        add("correlated_strengths", each.tensor + " " + each.next, each.scope, "correlation");
    row.value = each.correlation.r;
    row.low = each.correlation.low;
    row.high = each.correlation.high;
    row.successful = each.correlation.runs;
    if (row.successful < kFewestCorrelated) continue;
    row.verdict = verdict_of(*row.low, *row.high, 1);
  }
}

}  // namespace

std::vector<WeightFinding> weight_findings(const WeightFamily& family,
                                           const std::vector<NodeCorrelation>& correlations,
                                           const study::AnalysisSettings& settings) {
  Findings findings(family, settings);
  const std::vector<std::string> roles = roles_of(family);
  for (const std::string& role : roles) findings.add_sigma(role);
  findings.add_output_most(roles);
  for (const std::string& role : roles) findings.add_zero_peak(role);
  for (const std::string& role : roles) findings.add_strength(role);
  findings.add_correlations(correlations);
  return findings.take();
}

}  // namespace minima::analysis
