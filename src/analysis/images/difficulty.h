// Datasets in the order of their difficulty: the dose of claims on harder data.
#pragma once

#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "study/analysis_settings.h"

namespace minima::analysis {

struct DosedDataset {
  std::string name;
  double dose = 0.0;  ///< the larger the harder
};

/// Datasets that are compared with each other, by growing dose.
struct DifficultyScale {
  std::string name;  ///< "glyphs train=4000 test=1000", or "difficulty_order"
  std::vector<DosedDataset> datasets;
};

/// The datasets that settings.difficulty_order names, as far as the store has them, and of the
/// others the generated ones that differ in their setting `difficulty` alone. So no dataset counts
/// twice. Scales of one dataset are left out.
[[nodiscard]] std::vector<DifficultyScale> difficulty_scales(
    const Population& population, const study::AnalysisSettings& settings);

}  // namespace minima::analysis
