// The settings in which two studies differ.
#pragma once

#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

/// A setting and its values in the two studies; "-": it does not apply.
struct SettingDifference {
  std::string setting;  ///< "train.epochs", or a fact such as "runs of an architecture"
  std::string first;
  std::string second;
};

struct StudyFacts {
  const Population& population;
  const study::AnalysisSettings& settings;
};

/// What was recorded, not what the study files ask for: --set changes a study without changing its
/// file. In order: training, runs and architectures, compression, analysis, program and machine.
[[nodiscard]] std::vector<SettingDifference> settings_that_differ(const StudyFacts& first,
                                                                  const StudyFacts& second);

}  // namespace minima::analysis
