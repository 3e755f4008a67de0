// The study that follows from another one: what its results leave to be tried.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace minima::study {

/// Begins every file that next_study_text makes.
inline constexpr std::string_view kNextStudyMark = "# Written by minima recommend --next.";

/// What is different; the rest (training, analysis) stays as it is.
struct NextStudy {
  std::string name;
  std::string dataset;
  int replicates = 1;
  std::vector<std::string> architectures;
  std::vector<std::string> pruning = {};       ///< protocols to keep, as their text()
  std::vector<std::string> quantization = {};  ///< likewise
};

/// A study file that parse_study takes: `text` with these architectures as its only design and with
/// a new seed, weights of all runs kept, and all runs compressed where it compresses. The seed
/// follows from everything else and differs from that of `text`. Comments are lost, tables sorted.
/// Throws an input error where `text` is not a study.
[[nodiscard]] std::string next_study_text(const std::string& text, const NextStudy& next);

/// Architectures like this one with its widths (of layers, filters) times 2 and times 4, or divided
/// by them; those that cannot exist or exceed limits.h are left out, and so is every vision
/// transformer `paper`.
[[nodiscard]] std::vector<std::string> wider(const std::string& architecture);
[[nodiscard]] std::vector<std::string> narrower(const std::string& architecture);

}  // namespace minima::study
