// The study file (TOML): what to train, on which data, how often and how. One table (options.h)
// parses, checks, documents and prints every option.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "study/analysis_settings.h"
#include "study/compression_settings.h"
#include "study/designs.h"
#include "study/run.h"

namespace minima::study {

/// A dataset as named in the file, in dataset notation, with its location for messages.
struct DatasetText {
  std::string text;
  Place place;
};

struct Study {
  std::string name;
  int replicates = 1;
  std::uint64_t seed = 1;
  KeepWeights weights = KeepWeights::representative;
  std::vector<int> weight_epochs;  ///< epochs after which weight summaries are also recorded
  KeepPredictions predictions = KeepPredictions::all;
  Invalid invalid = Invalid::refuse;
  std::vector<DatasetText> datasets;
  TrainSettings train;
  PruningSettings pruning;
  QuantizationSettings quantization;
  AnalysisSettings analysis;
  Place difficulty_place;  ///< of analysis.difficulty_order, whose names are checked after the
                           ///< datasets are known
  std::vector<Design> designs;
  std::string text;  ///< the file, verbatim
  std::string file;  ///< its name, for messages

  /// "seed=1 epochs=5": what all runs have in common; defaults of the training are left out.
  [[nodiscard]] std::string training_text() const;
};

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
