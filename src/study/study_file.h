// The study file: what to train, on what, how often, and how. TOML; every option stands in one
// table (options.h) that parses, checks, documents and prints it.
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

/// A dataset as the file names it, in data notation, with its place for messages.
struct DatasetText {
  std::string text;
  Place place;
};

struct Study {
  std::string name;
  int replicates = 1;
  std::uint64_t seed = 1;
  KeepWeights weights = KeepWeights::representative;
  std::vector<int> weight_epochs;  ///< after which the figures of weights are recorded too
  KeepPredictions predictions = KeepPredictions::all;
  Invalid invalid = Invalid::refuse;
  std::vector<DatasetText> datasets;
  TrainSettings train;
  PruningSettings pruning;
  QuantizationSettings quantization;
  AnalysisSettings analysis;
  Place difficulty_place;  ///< of analysis.difficulty_order, whose names are checked with the data
  std::vector<Design> designs;
  std::string text;  ///< the file, verbatim
  std::string file;  ///< its name, for messages
};

/// "train.epochs=5", as given to --set; the value is TOML, or a bare word taken as a string.
struct Override {
  std::string path;
  std::string value;
};
[[nodiscard]] Override parse_override(const std::string& text);

/// Throws an input error with file, line, column and the nearest valid name for anything unknown,
/// of the wrong type or out of range, and at the design's place for combinations that cannot exist,
/// unless the study skips them.
[[nodiscard]] Study parse_study(const std::string& text, const std::string& file,
                                std::span<const Override> overrides = {});
/// The settings of the analyses alone: of a study file that was read before, as a store keeps it.
[[nodiscard]] AnalysisSettings parse_analysis_settings(const std::string& text,
                                                       const std::string& file,
                                                       std::span<const Override> overrides = {});
[[nodiscard]] Study read_study(const std::filesystem::path& path,
                               std::span<const Override> overrides = {});

}  // namespace minima::study
