// A study: what to train, on which data, how often and how.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/error.h"
#include "study/settings/analysis_settings.h"
#include "study/settings/compression_settings.h"
#include "study/settings/designs.h"
#include "study/settings/kept.h"
#include "study/settings/train_settings.h"

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

}  // namespace minima::study
