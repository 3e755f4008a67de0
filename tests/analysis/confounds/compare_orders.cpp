// Compares rules for what `recommend` calls shown, on simulated studies with known truth. Produces
// the numbers in docs/deployment.md. Usage: compare_orders [STUDIES]
//
// A study has 4 patterns of 6 architectures, each twice as large as the previous one, and a number
// of compressions. The probability that a replicate meets the demand rises with log(size) and falls
// with the loss by compression. The compressions of one run share a part of its luck.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <numeric>
#include <string>

#include "analysis/recommend/test_order.h"
#include "core/numbers/random.h"
#include "statistics/distributions.h"
#include "statistics/statistics.h"
#include "statistics/tests/fixed_sequence.h"

namespace minima::analysis {
namespace {

constexpr double kLevel = 0.05;
constexpr int kPatterns = 4;
constexpr int kSizes = 6;
constexpr double kSharedLuck = 0.7;  // fraction of the variance

struct SimulatedChoice {
  PlannedChoice planned;
  double doublings = 0.0;  // log2 of its bytes
  double probability = 0.0;
  double p_value = 1.0;
};
using SimulatedStudy = std::vector<SimulatedChoice>;

struct Setting {
  int replicates = 5;
  double reliability = 0.5;
  int compressions = 20;
};

PlannedChoice planned_of(int pattern, int size, int compression, int compressions) {
  PlannedChoice planned;
  planned.architecture = "dnn " + std::to_string(1 << size);
  for (int layer = 0; layer < pattern; ++layer) planned.architecture += "-4";
  planned.parameters = (std::int64_t{1} << size) * 1000 + pattern;
  planned.pruning = compression == 0 ? "" : "one-shot";
  planned.sparsity_asked = static_cast<double>(compression) / compressions;
  return planned;
}

/// Losses of the compressions, in increasing order.
std::vector<double> losses_of(int compressions, RandomStream& random) {
  std::vector<double> losses;
  for (int i = 0; i < compressions; ++i) losses.push_back(-std::log(1.0 - random.uniform()));
  std::ranges::sort(losses);
  losses.front() = 0.0;
  return losses;
}

SimulatedStudy simulated(const Setting& setting, RandomStream& random) {
  SimulatedStudy study;
  const std::vector<double> losses = losses_of(setting.compressions, random);
  const auto replicates = static_cast<std::size_t>(setting.replicates);
  for (int pattern = 0; pattern < kPatterns; ++pattern) {
    const double threshold = random.uniform(0.5, kSizes - 1.0);
    const double slope = random.uniform(1.5, 4.0);
    const double offset = random.uniform();
    for (int size = 0; size < kSizes; ++size) {
      std::vector<double> luck(replicates);
      for (double& each : luck) each = random.normal();
      for (int c = 0; c < setting.compressions; ++c) {
        const double loss = losses[static_cast<std::size_t>(c)];
        SimulatedChoice choice{planned_of(pattern, size, c, setting.compressions)};
        choice.doublings = size + offset - 4.0 * c / std::max(1, setting.compressions - 1);
        choice.probability = 1.0 / (1.0 + std::exp(-slope * (size - threshold - loss)));
        const double limit = -normal_score(choice.probability);
        int met = 0;
        for (const double each : luck) {
          met += std::sqrt(kSharedLuck) * each + std::sqrt(1.0 - kSharedLuck) * random.normal() <
                 limit;
        }
        choice.p_value = binomial_upper_tail(met, setting.replicates, setting.reliability);
        study.push_back(std::move(choice));
      }
    }
  }
  return study;
}

using Shown = std::vector<bool>;
using Rule = std::function<Shown(const SimulatedStudy&, double least_p)>;

Shown bonferroni(const SimulatedStudy& study, double /*least_p*/) {
  Shown shown;
  for (const SimulatedChoice& each : study) {
    shown.push_back(each.p_value <= kLevel / static_cast<double>(study.size()));
  }
  return shown;
}

Shown one_sequence(const SimulatedStudy& study, double /*least_p*/) {
  std::vector<std::size_t> order(study.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, std::ranges::greater{},
                    [&](std::size_t i) { return study[i].doublings; });
  Shown shown(study.size(), false);
  for (const std::size_t i : order) {
    if (study[i].p_value > kLevel) break;
    shown[i] = true;
  }
  return shown;
}

/// `share`: number of sequences among which the level is divided.
Shown sequences(const SimulatedStudy& study,
                const std::function<std::int64_t(std::int64_t)>& share) {
  std::vector<PlannedChoice> planned;
  for (const SimulatedChoice& each : study) planned.push_back(each.planned);
  const auto order = test_order(planned);
  const std::int64_t parts = share(static_cast<std::int64_t>(order.size()));
  std::vector<TestSequence> tests;
  for (const auto& sequence : order) {
    const bool has_level = static_cast<std::int64_t>(tests.size()) < parts;
    TestSequence& test = tests.emplace_back();
    test.level = has_level ? kLevel / static_cast<double>(parts) : 0.0;
    for (const std::size_t i : sequence) test.p_values.push_back(study[i].p_value);
  }
  const auto tested = test_sequences(tests);
  Shown shown(study.size(), false);
  for (std::size_t s = 0; s < order.size(); ++s) {
    for (std::size_t k = 0; k < tested[s].rejected; ++k) shown[order[s][k]] = true;
  }
  return shown;
}

const std::vector<std::pair<std::string, Rule>> kRules = {
    {"Bonferroni", bonferroni},
    {"one sequence over all", one_sequence},
    {"sequences, level split over all",
     [](const SimulatedStudy& study, double) {
       return sequences(study, [](std::int64_t all) { return all; });
     }},
    {"sequences, split over those that can show", [](const SimulatedStudy& study, double least_p) {
       return sequences(study,
                        [=](std::int64_t all) { return sequences_to_share(kLevel, least_p, all); });
     }}};

struct Tally {
  int studies = 0;
  int any = 0;
  int wrong = 0;
  Moments above_best;  // doublings from the smallest true choice to the smallest shown one
};

void count(const SimulatedStudy& study, const Shown& shown, double reliability, Tally& tally) {
  double best = 1e9;
  double smallest = 1e9;
  bool wrong = false;
  for (std::size_t i = 0; i < study.size(); ++i) {
    const bool is_true = study[i].probability >= reliability;
    if (is_true) best = std::min(best, study[i].doublings);
    if (!shown[i]) continue;
    smallest = std::min(smallest, study[i].doublings);
    wrong = wrong || !is_true;
  }
  ++tally.studies;
  tally.wrong += wrong;
  if (smallest > 1e8) return;
  ++tally.any;
  tally.above_best.add(smallest - best);
}

void compare(const Setting& setting, int studies) {
  std::map<std::string, Tally> tallies;
  const double least_p = std::pow(setting.reliability, setting.replicates);
  for (int i = 0; i < studies; ++i) {
    RandomStream random(1, static_cast<std::uint64_t>(i), Purpose::bootstrap);
    const SimulatedStudy study = simulated(setting, random);
    for (const auto& [name, rule] : kRules) {
      count(study, rule(study, least_p), setting.reliability, tallies[name]);
    }
  }
  std::printf("%d replicates, R = %.1f, %d compressions\n", setting.replicates, setting.reliability,
              setting.compressions);
  for (const auto& [name, rule] : kRules) {
    const Tally& tally = tallies[name];
    const double percent = 100.0 / tally.studies;
    std::printf("  %-42s any shown %5.1f %%, wrong %4.1f %%, doublings %.1f\n", name.c_str(),
                percent * tally.any, percent * tally.wrong, tally.above_best.mean());
  }
}

}  // namespace
}  // namespace minima::analysis

int main(int count, char** arguments) {
  const int studies = count > 1 ? std::atoi(arguments[1]) : 400;
  for (const int replicates : {5, 8, 15}) minima::analysis::compare({replicates, 0.5, 20}, studies);
  for (const int replicates : {30, 60}) minima::analysis::compare({replicates, 0.9, 20}, studies);
}
