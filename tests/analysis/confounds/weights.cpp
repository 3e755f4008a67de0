// Populations whose weights differ between successful and failed runs for reasons unrelated to
// training, and one in which training makes the difference.
//
// Twelve architectures of widths 2 to 64 have ten runs each; wide ones succeed more often. Weights
// are He-normal, so sigma = sqrt(2 / inputs) and node strengths depend on width before the first
// step. A run consists of statistics and quantile functions, without a network.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "analysis/claims/claim_tests.h"
#include "confound.h"
#include "planted_weights.h"
#include "record/run_row.h"
#include "record/study.h"
#include "record/weight_summary.h"
#include "statistics/distributions.h"

namespace minima::analysis {
namespace {

constexpr int kRuns = 10;
constexpr std::array kWeightWidths = {2, 3, 4, 6, 8, 10, 12, 16, 24, 32, 48, 64};

/// The planted effects.
struct Plan {
  bool four_failing = false;     ///< four architectures always fail, the others never
  double architecture_sd = 0.0;  ///< sd between architectures of the change of log sigma
  double growth = 0.3;           ///< change of log sigma by training in all runs
  double noise = 0.1;            ///< sd between matrices of that change
  double success_effect = 0.0;   ///< additional log sigma of successful runs at the end
  double success_spread = 1.0;   ///< sd of log sigma in successful runs, relative to failed ones
  double skew = 0.0;             ///< 0: normal noise; else scale of centred exponential noise
};

double noise(const Plan& plan, RandomStream& random) {
  if (plan.skew == 0.0) return random.normal();
  return plan.skew * (-std::log(1.0 - random.uniform()) - 1.0);
}

// The summary of a normal matrix, with sampling errors for its number of weights.
record::WeightSummary matrix(int tensor, std::int64_t outputs, std::int64_t inputs, double sd,
                             RandomStream& random) {
  record::WeightSummary summary;
  summary.tensor = tensor;
  summary.name = "fc" + std::to_string(tensor + 1) + ".weight";
  summary.shape = {outputs, inputs};
  const auto count = static_cast<double>(outputs * inputs);
  record::TensorStatistics& statistics = summary.statistics;
  statistics.count = outputs * inputs;
  statistics.sd = sd * std::exp(random.normal() / std::sqrt(2.0 * count));
  statistics.mean = sd * random.normal() / std::sqrt(count);
  statistics.near_zero =
      std::clamp(0.08 + std::sqrt(0.08 * 0.92 / count) * random.normal(), 0.0, 1.0);
  summary.nodes.nodes = outputs;
  summary.nodes.mean = statistics.sd * static_cast<double>(inputs) * 0.798 *
                       std::exp(0.7 * random.normal() / std::sqrt(count));
  constexpr int kQuantiles = 64;
  for (int i = 0; i < kQuantiles; ++i) {
    summary.quantiles.push_back(
        static_cast<float>(statistics.mean + statistics.sd * normal_score((i + 0.5) / kQuantiles)));
  }
  summary.histogram = {.exponent = -3, .first_bin = -1, .counts = {1, 1}};
  return summary;
}

class WeightSimulation {
 public:
  WeightSimulation(const Plan& plan, RandomStream random) : plan_(plan), random_(random) {}

  WeightedPopulation population() {
    for (std::size_t a = 0; a < kWeightWidths.size(); ++a) {
      const double grown = plan_.architecture_sd * random_.normal();
      for (int i = 0; i < kRuns; ++i) add_run_of(a, succeeds(a), grown);
    }
    return std::move(all_);
  }

 private:
  bool succeeds(std::size_t architecture) {
    if (plan_.four_failing) return architecture >= 4;
    const double chance = (static_cast<double>(architecture) + 1.0) / (kWeightWidths.size() + 1.0);
    return random_.uniform() < chance;
  }

  void add_run_of(std::size_t architecture, bool successful, double grown) {
    const std::int64_t width = kWeightWidths[architecture];
    record::RunRow& run =
        add_run(all_.population, "dnn " + std::to_string(width) + "-" + std::to_string(width),
                successful ? 0.95 : 0.3);
    run.family = network::Family::dnn;
    run.result.train_accuracy = run.result.test_accuracy;
    run.result.epochs = 1;
    run.result.history.push_back({.epoch = 1, .predicted_classes = 10});
    const double effect = successful ? plan_.success_effect : 0.0;
    const double spread = plan_.noise * (successful ? plan_.success_spread : 1.0);
    std::vector<record::WeightSummary>& summaries = all_.summaries[run.id];
    const std::vector<std::pair<std::int64_t, std::int64_t>> shapes{
        {width, 784}, {width, width}, {10, width}};
    for (int stage = 0; stage < 2; ++stage) {
      for (int i = 0; i < 3; ++i) {
        const auto& [outputs, inputs] = shapes[static_cast<std::size_t>(i)];
        double sd = std::sqrt(2.0 / static_cast<double>(inputs));
        if (stage == 1)
          sd *= std::exp(plan_.growth + grown + effect + spread * noise(plan_, random_));
        summaries.push_back(matrix(i, outputs, inputs, sd, random_));
        summaries.back().stage = stage == 0 ? record::WeightStage::start : record::WeightStage::end;
      }
    }
  }

  Plan plan_;
  RandomStream random_;
  WeightedPopulation all_;
};

WeightedPopulation simulated(const Plan& plan, std::uint64_t seed, int population) {
  return WeightSimulation(
             plan, {seed, subject_of(subject_of("weights"), static_cast<std::uint64_t>(population)),
                    Purpose::weight_statistics})
      .population();
}

// A population on two datasets, each with its own runs.
WeightedPopulation simulated_on_two(const Plan& plan, std::uint64_t seed, int population) {
  WeightedPopulation all = simulated(plan, seed, 2 * population);
  WeightedPopulation other = simulated(plan, seed, 2 * population + 1);
  record::DatasetRecord second = all.population.datasets.at(0);
  second.name = "letters";
  all.population.datasets.push_back(second);
  for (record::RunRow& run : other.population.runs) {
    auto summaries = std::move(other.summaries.at(run.id));
    run.id += " letters";
    run.dataset = second.name;
    all.summaries[run.id] = std::move(summaries);
    all.population.runs.push_back(std::move(run));
  }
  return all;
}

// The results of the analyses. Positions in the plane are left out, because they are slow and no
// test uses them.
struct Analysed {
  Weights weights;
  Projection projection;
};

study::AnalysisSettings quick() {
  study::AnalysisSettings settings;
  settings.permutations = 2000;
  return settings;
}

Analysed analysed(const WeightedPopulation& all) {
  const study::AnalysisSettings settings = quick();
  const WeightFamilies families = families_of(all, settings);
  Analysed result;
  result.weights.settings = settings;
  result.projection.settings = settings;
  for (const auto& family : families) {
    result.weights.families.push_back(
        {.of = family, .findings = weight_findings(*family, settings)});
    result.projection.families.push_back(
        {.of = family, .layers = {}, .contrast = weights_contrast(*family, settings)});
  }
  result.projection.similarities = similarities(families, settings);
  return result;
}

// For each tested claim, whether its test is significant at 5 %.
std::map<std::string, bool> decisions_on(const WeightedPopulation& all) {
  const study::AnalysisSettings settings = quick();
  const Convergence convergence;
  const Compression compression;
  const Analysed known = analysed(all);
  std::map<std::string, bool> decisions;
  for (const Claim& claim : weight_claims()) {
    const auto tests = claim.tests({.population = all.population,
                                    .convergence = convergence,
                                    .compression = compression,
                                    .settings = settings,
                                    .weights = &known.weights,
                                    .projection = &known.projection});
    // The first test represents the claim; combination of tests has its own tests.
    if (!tests.empty()) decisions[claim.name] = tests.front().p <= 0.05;
  }
  return decisions;
}

// ---- the earlier rules, in short -------------------------------------------------------------

// Mann and Whitney's test of the final statistics: treats runs as independent, low and non as
// failed.
bool earlier_rule_decides(const WeightedPopulation& all, const auto& figure) {
  std::vector<double> good;
  std::vector<double> bad;
  for (const record::RunRow& run : all.population.runs) {
    const double value = figure(all.summaries.at(run.id));
    (run.result.test_accuracy > 0.5 ? good : bad).push_back(value);
  }
  const auto delta = cliffs_delta(good, bad);
  if (!delta) return false;
  const auto n = static_cast<double>(good.size());
  const auto m = static_cast<double>(bad.size());
  return std::abs(*delta) >= 1.96 * std::sqrt((n + m + 1.0) / (3.0 * n * m));
}

double final_output_sd(const std::vector<record::WeightSummary>& summaries) {
  return summaries.back().statistics.sd;
}

double final_output_strength(const std::vector<record::WeightSummary>& summaries) {
  return summaries.back().nodes.mean;
}

// Agreement of nearest neighbours by final quantiles, tested at 5 % with 199 permutations of the
// labels among all runs.
bool earlier_projection_decides(const WeightedPopulation& all, RandomStream random) {
  std::vector<float> values;
  std::vector<char> labels;
  for (const record::RunRow& run : all.population.runs) {
    const auto& quantiles = all.summaries.at(run.id).back().quantiles;
    values.insert(values.end(), quantiles.begin(), quantiles.end());
    labels.push_back(run.result.test_accuracy > 0.5 ? 1 : 0);
  }
  const std::size_t n = labels.size();
  std::vector<std::size_t> nearest(n);
  for (std::size_t i = 0; i < n; ++i) {
    double least = INFINITY;
    for (std::size_t j = 0; j < n; ++j) {
      double square = 0.0;
      for (std::size_t k = 0; k < 64; ++k) {
        square += std::pow(values[i * 64 + k] - values[j * 64 + k], 2);
      }
      if (i == j || square >= least) continue;
      least = square;
      nearest[i] = j;
    }
  }
  const auto agreement = [&](const std::vector<char>& of) {
    std::size_t same = 0;
    for (std::size_t i = 0; i < n; ++i) same += of[i] == of[nearest[i]] ? 1 : 0;
    return same;
  };
  const std::size_t observed = agreement(labels);
  int as_large = 1;
  for (int i = 0; i < 199; ++i) {
    random.shuffle(std::span(labels));
    as_large += agreement(labels) >= observed ? 1 : 0;
  }
  return as_large <= 10;
}

// ---- counts ----------------------------------------------------------------------------------

// Number of decisions per claim in populations without an effect of training.
struct Counts {
  std::map<std::string, int> decided;
  std::map<std::string, int> before;
};

constexpr std::array kWeightClaims = {
    "low_sigma",    "similar_statistics", "low_sigma_most_in_output",
    "peak_at_zero", "strengths_are_high", "strengths_correlate",
    "projection",   "suboptimal_scatter", "successful_are_similar"};

Counts count(const Plan& plan, int populations, std::uint64_t seed) {
  Counts counts;
  for (int i = 0; i < populations; ++i) {
    const WeightedPopulation all = simulated_on_two(plan, seed, i);
    for (const auto& [claim, decided] : decisions_on(all)) counts.decided[claim] += decided ? 1 : 0;
    const WeightedPopulation one = simulated(plan, seed, 2 * i);
    counts.before["low_sigma"] += earlier_rule_decides(one, final_output_sd) ? 1 : 0;
    counts.before["strengths_are_high"] += earlier_rule_decides(one, final_output_strength) ? 1 : 0;
    counts.before["projection"] +=
        earlier_projection_decides(
            one, {seed, static_cast<std::uint64_t>(i), Purpose::weight_statistics, 1})
            ? 1
            : 0;
  }
  return counts;
}

std::vector<ConfoundResult> wrong_conclusions(const Plan& plan, int populations,
                                              std::uint64_t seed) {
  Counts counts = count(plan, populations, seed);
  std::vector<ConfoundResult> results;
  for (const char* claim : kWeightClaims) {
    ConfoundResult result{.conclusion = std::string(claim) + " is decided",
                          .populations = populations,
                          .wrong = counts.decided[claim]};
    if (counts.before.contains(claim)) result.wrong_before = counts.before.at(claim);
    results.push_back(std::move(result));
  }
  return results;
}

// How often the planted effect is missed: the complement of power.
std::vector<ConfoundResult> missed(const Plan& plan, const std::vector<std::string>& claims,
                                   int populations, std::uint64_t seed) {
  Counts counts = count(plan, populations, seed);
  std::vector<ConfoundResult> results;
  for (const std::string& claim : claims) {
    results.push_back({.conclusion = claim + " is missed",
                       .populations = populations,
                       .wrong = populations - counts.decided[claim],
                       .nominal = 0.2});
  }
  return results;
}

}  // namespace

std::vector<Confound> weight_confounds() {
  const auto nothing_planted = [](const Plan& plan) {
    return [plan](int populations, std::uint64_t seed) {
      return wrong_conclusions(plan, populations, seed);
    };
  };
  return {
      {"weights: width",
       "success and the initial weights follow width; training does the same to all",
       nothing_planted({})},
      {"weights: initial distributions", "training changes next to nothing, success follows width",
       nothing_planted({.growth = 0.0, .noise = 0.01})},
      {"weights: architecture clusters",
       "training changes each architecture by its own amount, success has no part in it",
       nothing_planted({.architecture_sd = 0.3})},
      {"weights: four failing architectures",
       "all failed runs are of four architectures, which no analysis can tell from failure",
       nothing_planted({.four_failing = true, .architecture_sd = 0.3})},
      {"weights: skewed noise",
       "as architecture clusters, with exponential differences between runs",
       nothing_planted({.architecture_sd = 0.3, .skew = 1.0})},
      {"weights: effect of training",
       "sigma of successful runs grows by 26 % less, and varies by 0.4 as much",
       [](int populations, std::uint64_t seed) {
         return missed({.architecture_sd = 0.1, .success_effect = -0.3, .success_spread = 0.4},
                       {"low_sigma", "projection", "suboptimal_scatter", "successful_are_similar"},
                       populations, seed);
       }}};
}

}  // namespace minima::analysis
