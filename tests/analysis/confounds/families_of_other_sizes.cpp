// Accuracy grows with the number of parameters. In every pair of networks matched by size, the
// network of one family is larger by a sixth. So families that agree at equal size seem to differ,
// and families that differ seem to agree.
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <string>

#include "analysis/claims/claim_tests.h"
#include "compressed_confound.h"
#include "planted_runs.h"
#include "record/run_row.h"

namespace minima::analysis {
namespace {

constexpr int kFamilyReplicates = 4;
constexpr int kSizes = 8;
constexpr double kStep = 1.6;    // between sizes of a family
constexpr double kLarger = 1.2;  // the second family
constexpr double kNoise = 0.003;

/// Accuracy as a function of size.
double accuracy_at(double parameters, double per_e_fold) {
  return 0.6 + per_e_fold * std::log(parameters / 1000.0);
}

/// At equal size the accuracy of the second family is higher by `difference`.
Population population_of_families(RandomStream& random, double per_e_fold, double difference) {
  Population population = one_dataset();
  population.datasets[0].test_count = 1'000'000;  // so image variance is negligible
  for (int i = 0; i < kSizes; ++i) {
    const double size = 1000.0 * std::pow(kStep, i);
    for (const bool is_second : {false, true}) {
      const double parameters = std::round(is_second ? size * kLarger : size);
      const double accuracy = accuracy_at(parameters, per_e_fold) + (is_second ? difference : 0.0);
      for (int r = 0; r < kFamilyReplicates; ++r) {
        add_run(population, (is_second ? "cnn " : "dnn ") + std::to_string(i + 1),
                accuracy + kNoise * random.normal(), static_cast<std::int64_t>(parameters));
      }
    }
  }
  return population;
}

/// The same test on raw differences, without correction for size.
ClaimTest test_before(const Population& population, double tolerance) {
  std::map<std::string, Moments> accuracies;
  for (const record::RunRow& run : population.runs) {
    accuracies[run.architecture].add(run.result.test_accuracy);
  }
  Moments differences;
  for (int i = 1; i <= kSizes; ++i) {
    differences.add(accuracies["cnn " + std::to_string(i)].mean() -
                    accuracies["dnn " + std::to_string(i)].mean());
  }
  const double n = kSizes;
  const double error = differences.sample_sd() / std::sqrt(n);
  const double size = std::abs(differences.mean());
  const boost::math::students_t distribution(n - 1.0);
  return {.effect = size,
          .bound = tolerance,
          .p = 2.0 * cdf(complement(distribution, std::abs(size - tolerance) / error))};
}

ConfoundResult counted(const std::string& conclusion, int populations, std::uint64_t seed,
                       std::uint32_t stream, double per_e_fold, double difference,
                       bool is_called_equal) {
  ConfoundResult result{.conclusion = conclusion, .populations = populations};
  const auto is_wrong = [&](const ClaimTest& test) {
    return test.p <= 0.05 && (test.effect < test.bound) == is_called_equal;
  };
  int before = 0;
  result = count_wrong(
      result, seed, stream,
      [&](RandomStream& random) {
        Population population = population_of_families(random, per_e_fold, difference);
        before += is_wrong(test_before(population, study::AnalysisSettings{}.accuracy_tolerance));
        return population;
      },
      [&](const ClaimEvidence& evidence) {
        const auto tests = families_agree(evidence);
        return !tests.empty() && is_wrong(tests[0]);
      },
      [](const Compression&, const study::AnalysisSettings&) { return false; });
  result.wrong_before = before;
  return result;
}

}  // namespace

Confound families_of_other_sizes() {
  const auto simulate = [](int populations, std::uint64_t seed) {
    constexpr double kSlope = 0.1;  // a sixth more parameters: 1.8 points
    return std::vector<ConfoundResult>{
        counted("families differ that are equal at equal size", populations, seed, 61, kSlope, 0.0,
                false),
        counted("families agree that differ by 1.8 points", populations, seed, 62, kSlope,
                -kSlope * std::log(kLarger), true)};
  };
  return {"families of other sizes",
          "accuracy grows with size; one family is the larger in each pair", simulate};
}

}  // namespace minima::analysis
