// The analyses of a store, computed and kept.
#pragma once

#include <filesystem>
#include <functional>

#include "analysis/convergence.h"

namespace minima::cli {

struct Analyses {
  analysis::Population population;
  analysis::Convergence convergence;
  store::AnalysisRecord record;  ///< of convergence, as kept
};

/// Computes the analyses from the runs of a store, and keeps them in it. Brings an older store up
/// to date. Input errors: no store, or one that another program writes. `settings_of` gives the
/// settings for what the store says of its study.
[[nodiscard]] Analyses analyze_store(
    const std::filesystem::path& directory,
    const std::function<study::AnalysisSettings(const store::StudyRecord&)>& settings_of);

}  // namespace minima::cli
