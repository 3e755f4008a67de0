// The study file (TOML). One table (options.h) parses, checks, documents and prints every option.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "study/study.h"

namespace minima::study {

/// "train.epochs=5", as given to --set. The value is TOML, or a bare word that is read as a string.
struct Override {
  std::string path;
  std::string value;
};
[[nodiscard]] Override parse_override(const std::string& text);

/// Throws an input error with file, line, column and the nearest valid name for values that are
/// unknown, of the wrong type or out of range. Combinations that cannot exist are errors at the
/// design's location, unless the study skips them.
[[nodiscard]] Study parse_study(const std::string& text, const std::string& file,
                                std::span<const Override> overrides = {});
/// Parses the analysis settings alone, from the text of an accepted study file, such as a store
/// keeps.
[[nodiscard]] AnalysisSettings parse_analysis_settings(const std::string& text,
                                                       const std::string& file,
                                                       std::span<const Override> overrides = {});
[[nodiscard]] Study read_study(const std::filesystem::path& path,
                               std::span<const Override> overrides = {});

}  // namespace minima::study
