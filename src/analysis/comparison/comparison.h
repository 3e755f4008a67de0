// Compares two studies: the settings that differ, their answers, and the accuracies of the
// architectures that both trained on the same data.
//
// A difference of accuracies is paired by architecture and by test image. The runs of one study are
// taken as independent of those of the other, even where both share random seeds; the interval is
// then slightly too wide.
// docs/comparison.md has the definitions and the measured coverage.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/comparison/settings_difference.h"
#include "analysis/headline.h"
#include "analysis/images/image_outcomes.h"
#include "statistics/estimates/accuracy_interval.h"

namespace minima::analysis {

/// One of the two studies. Everything belongs to one store.
struct ComparedStudy {
  const HeadlineInput& input;
  const Headline& headline;
  OutcomeSource outcomes;
};

/// An architecture that both studies trained on the same data, with different runs.
struct ArchitecturePair {
  network::Family family = network::Family::dnn;
  std::string architecture;
  std::int64_t parameters = 0;
  std::int64_t first_runs = 0;
  std::int64_t second_runs = 0;
  double first = 0.0;             ///< mean test accuracy
  double second = 0.0;            ///< mean test accuracy
  AccuracyDifference difference;  ///< second minus first
  /// Whether the accuracies differ: the simultaneous interval over all pairs (Bonferroni) excludes
  /// 0. Never for one run on both sides, whose difference may be chance of training.
  bool is_clear = false;
};

enum class DataMatch {
  same,        ///< the same images, by checksum
  other_data,  ///< the same name, but other images
  one_study,   ///< in one of the studies only
};

constexpr auto words_of(DataMatch /*any*/) {
  return std::to_array<EnumWord<DataMatch>>({
      {DataMatch::same, "same"},
      {DataMatch::other_data, "other data"},
      {DataMatch::one_study, "one study"},
  });
}

/// The answers of both studies for one target.
struct AnswersAtTarget {
  double target = 0.0;  ///< test accuracy
  DatasetHeadline first;
  DatasetHeadline second;
};

struct DatasetComparison {
  std::string dataset;
  DataMatch match = DataMatch::same;
  std::int64_t test_images = 0;
  /// The answers, each with the target of its study; nullopt: the study lacks the dataset.
  std::optional<DatasetHeadline> first;
  std::optional<DatasetHeadline> second;
  /// The answers with the lower of the two targets; nullopt if the targets are equal, if one is
  /// missing, or without the same data.
  std::optional<AnswersAtTarget> common;
  /// By parameters, then by name. Empty without the same data.
  std::vector<ArchitecturePair> pairs;
  /// Architectures whose runs are the same in both studies, by id, and so left out of the pairs.
  std::int64_t same_runs = 0;
  /// Whether the pairs are paired over test images; if not, predictions are missing, and the
  /// intervals are too wide.
  bool per_image = false;
  std::optional<AccuracyDifference> mean;  ///< of the pairs' differences
  std::int64_t better = 0;                 ///< pairs in which the second study is clearly better
  std::int64_t worse = 0;                  ///< pairs in which it is clearly worse
};

struct Comparison {
  double confidence = 0.95;
  std::vector<SettingDifference> settings;
  /// The datasets of the first study, then those of the second study alone.
  std::vector<DatasetComparison> datasets;
};

/// The confidence is that of the first study's analysis settings.
[[nodiscard]] Comparison comparison_of(const ComparedStudy& first, const ComparedStudy& second);

}  // namespace minima::analysis
