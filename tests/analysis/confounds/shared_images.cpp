// All replicates of all networks are tested on the same images. More replicates do not average out
// an unlucky choice of images. So the spread between replicates underestimates the error of a mean
// relative to the accuracy on all possible images.
#include <cmath>

#include "analysis/sizes/minimal_parameters.h"
#include "hand_made.h"
#include "series_confounds.h"
#include "statistics/distributions.h"

namespace minima::analysis {
namespace {

constexpr int kImages = 1000;
constexpr int kImageReplicates = 5;
// With these values, replicates share 70 % of the binomial variance, as measured on glyphs.
constexpr double kMeanSkill = 3.9;  // on the normal scale
constexpr double kCommon = 2.0;     // sd of the difficulty of an image, for all networks
constexpr double kOwn = 1.0;        // and for a single size
constexpr double kRun = 0.05;       // sd of the skill of a run

/// Accuracy on all images: the mean of Phi(level + N(0, s^2)) is Phi(level / sqrt(1 + s^2)).
double true_accuracy() {
  const double spread = kCommon * kCommon + kOwn * kOwn + kRun * kRun;
  return normal_upper_tail(-kMeanSkill / std::sqrt(1 + spread));
}

/// Four sizes of equal accuracy, each four times the previous one.
HandMade draw(std::uint64_t seed) {
  RandomStream stream(seed, 11, Purpose::random_design);
  std::vector<double> common(kImages);
  for (double& difficulty : common) difficulty = kCommon * stream.normal();
  HandMade made;
  for (std::int64_t size = 1000; size <= 64'000; size *= 4) {
    std::vector<double> own(kImages);
    for (std::size_t i = 0; i < own.size(); ++i) own[i] = common[i] + kOwn * stream.normal();
    std::vector<double> accuracies;
    for (int run = 0; run < kImageReplicates; ++run) {
      const double skill = kMeanSkill + kRun * stream.normal();
      int right = 0;
      for (const double difficulty : own) {
        if (stream.uniform() < normal_upper_tail(-skill - difficulty)) ++right;
      }
      accuracies.push_back(static_cast<double>(right) / kImages);
    }
    made.add(size, accuracies);
  }
  return made;
}

std::vector<ConfoundResult> simulate_shared(int populations, std::uint64_t seed) {
  ConfoundResult mean{.conclusion = "the interval of a mean accuracy misses the true one",
                      .populations = populations,
                      .wrong_before = 0};
  ConfoundResult gain{.conclusion = "a gain over the last sizes where there is none is exceeded",
                      .populations = populations,
                      .wrong_before = 0};
  const double truth = true_accuracy();
  for (int i = 0; i < populations; ++i) {
    const HandMade made = draw(seed * 100'000 + static_cast<std::uint64_t>(i));
    study::AnalysisSettings settings;
    settings.bootstrap_samples = 100;
    const auto found = minimal_parameters_of(made.population(), made.selection(), settings);
    const LevelAccuracy& level = found.levels.back();
    if (truth < level.low.value() || truth > level.high.value()) ++mean.wrong;
    const double half = student_t_quantile(0.95, kImageReplicates - 1) * level.sd.value() /
                        std::sqrt(static_cast<double>(kImageReplicates));
    if (std::abs(truth - level.mean) > half) ++*mean.wrong_before;
    if (found.end.gain_high < 0.0) ++gain.wrong;
    auto levels = levels_of(made.population(), made.selection(), settings.significance);
    for (Level& each : levels) each.test_images = 0;  // ignores the choice of images
    const auto before = end_of_curve(levels, accuracy_samples(levels), 0.95);
    if (before.gain_high < 0.0) ++*gain.wrong_before;
  }
  return {mean, gain};
}

}  // namespace

Confound shared_images() {
  return {.name = "shared test images",
          .planted = "images of unequal difficulty; 4 sizes x 5 runs on the same 1,000 of them",
          .simulate = simulate_shared};
}

}  // namespace minima::analysis
