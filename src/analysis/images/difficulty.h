// Orders datasets by difficulty, the dose variable of the claims on harder data.
#pragma once

#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

struct DosedDataset {
  std::string name;
  double dose = 0.0;  ///< larger is harder
};

/// Datasets that are compared with each other, by increasing dose.
struct DifficultyScale {
  std::string name;  ///< "glyphs train=4000 test=1000", or "difficulty_order"
  std::vector<DosedDataset> datasets;
};

/// One scale has the datasets of settings.difficulty_order that the store holds. The others group
/// the remaining generated datasets that differ only in their setting `difficulty`. So no dataset
/// counts twice. Scales with a single dataset are left out.
[[nodiscard]] std::vector<DifficultyScale> difficulty_scales(
    const Population& population, const study::AnalysisSettings& settings);

}  // namespace minima::analysis
