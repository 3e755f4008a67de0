// The analyses of a store, computed, and kept where they may be.
#pragma once

#include <filesystem>
#include <functional>

#include "analysis/convergence.h"

namespace minima::cli {

struct Analyses {
  analysis::Population population;
  analysis::Convergence convergence;
  store::AnalysisRecord record;  ///< of convergence, as a store keeps it
};

/// The settings of the analyses, for what a store says of its study.
using SettingsOf = std::function<study::AnalysisSettings(const store::StudyRecord&)>;

/// Those of the study file that the store keeps.
[[nodiscard]] study::AnalysisSettings stored_settings(const store::StudyRecord& study);

/// Reads the store and leaves it as it is.
[[nodiscard]] Analyses analyses_of(const store::Reader& store, const SettingsOf& settings_of);

/// The same, and keeps them in the store, which it brings up to date. Input errors: no store, or
/// one that another program writes.
[[nodiscard]] Analyses analyze_store(const std::filesystem::path& directory,
                                     const SettingsOf& settings_of);

}  // namespace minima::cli
