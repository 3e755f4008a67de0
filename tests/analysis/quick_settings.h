#pragma once

#include "study/settings/analysis_settings.h"

namespace minima::analysis {

/// Settings with few bootstrap samples, for fast analyses.
inline study::AnalysisSettings quick() {
  study::AnalysisSettings settings;
  settings.bootstrap_samples = 200;
  return settings;
}

}  // namespace minima::analysis
