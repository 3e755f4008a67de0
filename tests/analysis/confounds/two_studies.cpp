// Two studies that are equally good over all images that could be drawn, compared on one test set.
// Their networks fail on different images: the settings in which they differ make some images
// easier and others harder, for all networks of a study alike. So on any one test set, one study
// is better, and more runs only make this more certain.
//
// The earlier rule is the usual test of means over runs, which takes the test images as given.
#include <fmt/format.h>

#include "analysis/comparison/comparison.h"
#include "confound.h"
#include "core/numbers/random.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "simulated_images.h"
#include "statistics/estimates/mean_estimate.h"

namespace minima::analysis {
namespace {

constexpr const char* kPlanted = "planted";

struct Studies {
  int architectures = 6;
  int first_runs = 3;
  int second_runs = 8;
  double common = 0.8;  ///< correlation of the difficulty of an image for the two studies
  /// Correlation of the effects of networks with equal replicate numbers: they see the same
  /// batches.
  double batches = 0.0;
  double failure = 0.0;  ///< probability that a run is right for about a third of the images only
  double better = 0.0;   ///< true accuracy of the second study minus that of the first
  bool with_predictions = true;
};

/// A simulated study with its predictions: class 0 is right, class 1 wrong.
struct SimulatedStudy {
  Population population;
  std::vector<std::vector<std::uint16_t>> predictions;  // by run
  std::size_t images = 0;

  [[nodiscard]] OutcomeSource source() const {
    return {.labels =
                [this](const std::string&) {
                  return record::DatasetLabels{.test = std::vector<std::uint16_t>(images, 0)};
                },
            .predictions =
                [this](const OutcomeSource::OnRun& on_run) {
                  for (std::size_t i = 0; i < predictions.size(); ++i) {
                    on_run(population.runs[i].id, {.test = predictions[i], .validation = {}});
                  }
                }};
  }
};

SimulatedStudy study_of(const std::string& name, const Studies& studies, int runs, double better,
                        const std::vector<double>& difficulty, RandomStream& random) {
  SimulatedStudy study{.images = difficulty.size()};
  study.population.datasets.push_back({.name = kPlanted,
                                       .problem = {{1, 8, 8}, 2},
                                       .test_count = static_cast<std::int64_t>(difficulty.size()),
                                       .majority_share = 0.5});
  const std::vector<double> of_batches = normals(runs, 1.0, random);
  for (int a = 0; a < studies.architectures; ++a) {
    const Plant plant{.accuracy = 0.85 + 0.02 * (a % 6) + better, .replicates = runs};
    std::vector<double> networks = normals(runs, plant.network_sd, random);
    for (std::size_t r = 0; r < networks.size(); ++r) {
      networks[r] = std::sqrt(1.0 - studies.batches) * networks[r] +
                    std::sqrt(studies.batches) * plant.network_sd * of_batches[r];
      if (random.uniform() < studies.failure) networks[r] += 2.0 * plant.total_sd();
    }
    int replicate = 0;
    for (const auto& row : outcomes(plant, networks, difficulty, random)) {
      record::RunRow& run = study.population.runs.emplace_back();
      run.id = fmt::format("{} {}", name, study.population.runs.size());
      run.dataset = kPlanted;
      run.replicate = replicate++;
      run.architecture = fmt::format("dnn {}", a + 1);
      run.parameters = 100 * (a + 1);
      run.result.status = record::RunStatus::finished;
      std::vector<std::uint16_t>& predicted = study.predictions.emplace_back();
      double right = 0.0;
      for (const std::uint8_t correct : row) {
        predicted.push_back(correct == 1 ? 0 : 1);
        right += correct;
      }
      run.result.test_accuracy = right / static_cast<double>(row.size());
    }
  }
  return study;
}

struct TwoStudies {
  SimulatedStudy first;
  SimulatedStudy second;
};

TwoStudies studies_of(const Studies& studies, RandomStream& random) {
  const Plant plant;
  const std::vector<double> first = normals(plant.images, plant.image_sd, random);
  std::vector<double> second = normals(plant.images, plant.image_sd, random);
  for (std::size_t j = 0; j < first.size(); ++j) {
    second[j] =
        studies.common * first[j] + std::sqrt(1.0 - studies.common * studies.common) * second[j];
  }
  return {study_of("a", studies, studies.first_runs, 0.0, first, random),
          study_of("b", studies, studies.second_runs, studies.better, second, random)};
}

DatasetComparison compared(const TwoStudies& both, bool with_predictions) {
  const Convergence convergence;
  const ImageOutcomes outcomes;
  const Findings findings;
  const auto input = [&](const SimulatedStudy& study) {
    return HeadlineInput{.population = study.population,
                         .convergence = convergence,
                         .outcomes = outcomes,
                         .findings = findings,
                         .store = "store"};
  };
  const HeadlineInput first = input(both.first);
  const HeadlineInput second = input(both.second);
  const Headline none;
  const auto source = [&](const SimulatedStudy& study) {
    return with_predictions ? study.source() : OutcomeSource{};
  };
  return comparison_of({first, none, source(both.first)}, {second, none, source(both.second)})
      .datasets.at(0);
}

/// Whether the usual t test over all runs finds a difference between the studies.
bool differs_over_runs(const TwoStudies& both, const Studies& studies, double confidence) {
  Moments differences;
  for (int a = 0; a < studies.architectures; ++a) {
    Moments first, second;
    const std::string name = fmt::format("dnn {}", a + 1);
    for (const auto& run : both.first.population.runs) {
      if (run.architecture == name) first.add(run.result.test_accuracy);
    }
    for (const auto& run : both.second.population.runs) {
      if (run.architecture == name) second.add(run.result.test_accuracy);
    }
    differences.add(second.mean() - first.mean());
  }
  const double half = student_t_half_width(differences, confidence);
  return std::abs(differences.mean()) > half;
}

/// How often a comparison is wrong about two studies.
std::vector<ConfoundResult> wrong_conclusions(const Studies& studies, const std::string& name,
                                              int populations, RandomStream& random) {
  ConfoundResult mean{.conclusion = fmt::format("{}: the studies differ", name),
                      .populations = populations,
                      .wrong_before = 0};
  ConfoundResult clear{.conclusion = fmt::format("{}: an architecture clearly differs", name),
                       .populations = populations};
  for (int p = 0; p < populations; ++p) {
    const TwoStudies both = studies_of(studies, random);
    const DatasetComparison found = compared(both, studies.with_predictions);
    if (studies.better < found.mean->low || studies.better > found.mean->high) ++mean.wrong;
    if (found.better + found.worse > 0) ++clear.wrong;
    if (differs_over_runs(both, studies, 0.95)) ++*mean.wrong_before;
  }
  if (studies.better == 0.0) return {mean, clear};
  mean.conclusion = fmt::format("{}: the interval misses the difference", name);
  mean.wrong_before.reset();
  return {mean};
}

std::vector<ConfoundResult> simulate_two_studies(int populations, std::uint64_t seed) {
  RandomStream random(seed, subject_of("two studies"), Purpose::bootstrap);
  std::vector<ConfoundResult> results;
  const auto add = [&](const Studies& studies, const char* name) {
    for (ConfoundResult& each : wrong_conclusions(studies, name, populations, random)) {
      results.push_back(std::move(each));
    }
  };
  add({}, "3 and 8 runs");
  add({.first_runs = 2, .second_runs = 2}, "2 and 2 runs");
  add({.first_runs = 1, .second_runs = 8}, "1 and 8 runs");
  add({.architectures = 2, .first_runs = 2, .second_runs = 2}, "2 architectures, 2 runs");
  add({.architectures = 20, .first_runs = 3, .second_runs = 5, .common = 1.0, .batches = 0.2},
      "20 architectures, same batches");
  add({.first_runs = 3, .second_runs = 8, .failure = 0.2}, "a fifth of the runs fail");
  add({.with_predictions = false}, "without predictions");
  add({.better = 0.02}, "2 points better");
  return results;
}

}  // namespace

Confound two_studies() {
  return {.name = "two studies",
          .planted = "equally good studies that fail on different images of one test set",
          .simulate = simulate_two_studies};
}

}  // namespace minima::analysis
