// Derives a follow-up study from another one; it tries what the results leave open.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace minima::study {

/// First line of every file that next_study_text makes.
inline constexpr std::string_view kNextStudyMark = "# Written by minima recommend --next.";

/// Changes to the study; the rest (analysis) stays the same.
struct NextStudy {
  std::string name;
  std::string dataset;
  std::string training;  ///< as recorded: --set may have changed what the study file says
  int replicates = 1;
  std::vector<std::string> architectures;
  std::vector<std::string> pruning = {};       ///< protocols to keep, by their text()
  std::vector<std::string> quantization = {};  ///< protocols to keep, by their text()
  /// Other datasets that need new runs, too; a comment names them.
  std::vector<std::string> others = {};
};

/// Returns a study file that parse_study accepts. It is `text` with the given architectures as its
/// only design and a new seed. It keeps the weights of all runs, and compresses all runs if `text`
/// compresses. The seed is derived from everything else and differs from that of `text`. Comments
/// are lost and tables are sorted. Throws an input error if `text` is not a study.
[[nodiscard]] std::string next_study_text(const std::string& text, const NextStudy& next);

/// The same architecture with its widths (of layers, filters) multiplied or divided by 2 and 4.
/// Leaves out architectures that cannot exist or exceed limits.h, and every vision transformer with
/// `paper`.
[[nodiscard]] std::vector<std::string> wider(const std::string& architecture);
[[nodiscard]] std::vector<std::string> narrower(const std::string& architecture);

}  // namespace minima::study
