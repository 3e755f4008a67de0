// Two studies compared, on the terminal; and the sentences that the page shows too.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "analysis/comparison/comparison.h"
#include "report/text/style.h"

namespace minima::report {

/// What a comparison calls the two studies.
inline constexpr const char* kFirstStudy = "A";
inline constexpr const char* kSecondStudy = "B";

/// Where a comparison comes from and where its page is.
struct ComparisonPlaces {
  std::array<std::string, 2> stores;  ///< as the user named them
  std::string page;                   ///< path of the page; empty: none was written
};

/// Input of comparison_text(). Both headlines belong to the compared studies.
struct ComparisonInput {
  const analysis::Comparison& comparison;
  std::array<const analysis::Headline*, 2> headlines;
  ComparisonPlaces places;
};

[[nodiscard]] std::string comparison_text(const ComparisonInput& input, const TextStyle& style);

/// "+1.20": a difference of accuracies in percentage points.
[[nodiscard]] std::string signed_points(double fraction);
/// "+1.20 [0.80, 1.60]"
[[nodiscard]] std::string with_interval(const analysis::ArchitecturePair& pair);

/// "A: embedded.minima, 60 runs of 12 architectures on 1 dataset"
[[nodiscard]] std::string study_text(const std::string& store, const analysis::Headline& headline);
/// What the differences show: "B is 1.20 points more accurate than A ...".
[[nodiscard]] std::string difference_sentence(const analysis::DatasetComparison& dataset);
/// How many architectures differ; empty without pairs.
[[nodiscard]] std::string pairs_sentence(const analysis::DatasetComparison& dataset,
                                         double confidence);
/// Answers of both studies in rows: what is answered, in A, in B.
struct AnswerRow {
  std::string what;
  std::string first;
  std::string second;
};
[[nodiscard]] std::vector<AnswerRow> answer_rows(const analysis::DatasetComparison& dataset);

}  // namespace minima::report
