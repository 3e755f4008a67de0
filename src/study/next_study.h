// The study that follows from another one: what its results leave to be tried.
#pragma once

#include <string>
#include <vector>

namespace minima::study {

/// What is different; the rest (training, protocols, analysis) stays as it is.
struct NextStudy {
  std::string name;
  std::string dataset;
  int replicates = 1;
  std::vector<std::string> architectures;
};

/// A study file that parse_study takes: `text` with these architectures as its only design, weights
/// of all runs kept, and all runs compressed where it compresses. Comments are lost, tables sorted.
/// Throws an input error where `text` is not TOML.
[[nodiscard]] std::string next_study_text(const std::string& text, const NextStudy& next);

/// Architectures like this one with its widths (of layers, filters) times 2 and times 4, or divided
/// by them; those that cannot exist are left out, and so is every vision transformer `paper`.
[[nodiscard]] std::vector<std::string> wider(const std::string& architecture);
[[nodiscard]] std::vector<std::string> narrower(const std::string& architecture);

}  // namespace minima::study
