// The analyses of a store, computed, and kept where they may be.
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
#include "cli/arguments.h"
#include "report/style.h"

namespace minima::cli {

struct Analyses {
  analysis::Population population;
  analysis::Convergence convergence;
  analysis::Compression compression;
  analysis::Weights weights;
  analysis::Projection projection;
  analysis::Findings findings;
  analysis::ImageOutcomes predictions;
  std::vector<std::string> lacks;  ///< of the store: store::Reader::lacks
  std::string changed;             ///< of the store: store::Reader::changed_values
  /// As a store keeps them: convergence first, then what there is of variants, of single images
  /// and of weights, and the findings.
  std::vector<store::AnalysisRecord> records;

  /// The structs hold pointers to runs of the population.
  Analyses() = default;
  Analyses(Analyses&&) = default;
  Analyses(const Analyses&) = delete;
  Analyses& operator=(Analyses&&) = default;
  Analyses& operator=(const Analyses&) = delete;
  ~Analyses() = default;
};

/// What --only takes.
[[nodiscard]] std::vector<std::string> analysis_names();

/// The settings of the analyses, for what a store says of its study.
using SettingsOf = std::function<study::AnalysisSettings(const store::StudyRecord&)>;

/// Those of the study file that the store keeps.
[[nodiscard]] study::AnalysisSettings stored_settings(const store::StudyRecord& study);

struct AnalysisRequest {
  SettingsOf settings = stored_settings;
  std::string only = "";  ///< one of the names, whose records alone are made; empty: all
  Resources resources = {};
};

/// Reads the store and leaves it as it is.
[[nodiscard]] Analyses analyses_of(const store::Reader& store, const AnalysisRequest& request);

/// The same, and keeps them in the store, which it brings up to date. Input errors: no store, one
/// that another program writes, or one whose analyses need more memory than there may be.
[[nodiscard]] Analyses analyze_store(const std::filesystem::path& directory,
                                     const AnalysisRequest& request);

/// The answer, condensed. `store`: its path, for the commands that the answer suggests.
[[nodiscard]] analysis::Headline headline_of(const Analyses& analyses, const std::string& store);

/// For people; of all records.
[[nodiscard]] std::string analyses_text(const Analyses& analyses, const report::TextStyle& style);

}  // namespace minima::cli
