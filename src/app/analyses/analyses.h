// Computes the analyses of a store and saves them if possible.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "analysis/claims/findings.h"
#include "analysis/compression/compression.h"
#include "analysis/convergence/convergence.h"
#include "analysis/headline.h"
#include "analysis/images/image_outcomes.h"
#include "analysis/weights/projection.h"
#include "analysis/weights/weights.h"
#include "app/resources.h"
#include "record/analysis.h"
#include "record/study.h"
#include "report/text/style.h"

namespace minima::app {

struct Analyses {
  analysis::Population population;
  analysis::Convergence convergence;
  analysis::Compression compression;
  analysis::Weights weights;
  analysis::Projection projection;
  analysis::Findings findings;
  analysis::ImageOutcomes predictions;
  std::vector<std::string> lacks;  ///< from store::Reader::lacks
  std::string changed;             ///< from store::Reader::changed_values
  /// As saved in a store: convergence first, then the available analyses of variants, of single
  /// images and of weights, and the findings.
  std::vector<record::AnalysisRecord> records;

  /// The structs hold pointers to runs of the population.
  Analyses() = default;
  Analyses(Analyses&&) = default;
  Analyses(const Analyses&) = delete;
  Analyses& operator=(Analyses&&) = default;
  Analyses& operator=(const Analyses&) = delete;
  ~Analyses() = default;
};

/// The values of --only.
[[nodiscard]] std::vector<std::string> analysis_names();

/// Returns the analysis settings for the study record of a store.
using SettingsOf = std::function<study::AnalysisSettings(const record::StudyRecord&)>;

/// The settings in the study file that the store keeps.
[[nodiscard]] study::AnalysisSettings stored_settings(const record::StudyRecord& study);

struct AnalysisRequest {
  SettingsOf settings = stored_settings;
  std::string only = "";  ///< the only analysis to record; empty: all
  Resources resources = {};
};

/// Reads the store without changing it.
[[nodiscard]] Analyses analyses_of(const store::Reader& store, const AnalysisRequest& request);

/// Computes the analyses and saves them in the store, which it upgrades if necessary. Input errors:
/// there is no store; another program is writing to it; its analyses exceed the memory limit.
[[nodiscard]] Analyses analyze_store(const std::filesystem::path& directory,
                                     const AnalysisRequest& request);

/// The condensed answer. `store` is its path, used in the commands that the answer suggests.
[[nodiscard]] analysis::Headline headline_of(const Analyses& analyses, const std::string& store);

/// Readable text of all records.
[[nodiscard]] std::string analyses_text(const Analyses& analyses, const report::TextStyle& style);

}  // namespace minima::app
