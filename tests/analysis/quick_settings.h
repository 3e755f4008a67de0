#pragma once

#include "study/analysis_settings.h"

namespace minima::analysis {

/// Settings with so few bootstrap samples that an analysis takes no time.
inline study::AnalysisSettings quick() {
  study::AnalysisSettings settings;
  settings.bootstrap_samples = 200;
  return settings;
}

}  // namespace minima::analysis
