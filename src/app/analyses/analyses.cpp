#include "app/analyses/analyses.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "app/analyses/analysis_memory.h"
#include "app/embedded.h"
#include "core/text.h"
#include "report/sections/compression_text.h"
#include "report/sections/convergence_text.h"
#include "report/sections/findings_text.h"
#include "report/sections/predictions_text.h"
#include "report/sections/published_text.h"
#include "report/sections/weights_text.h"
#include "study/file/study_file.h"

namespace minima::app {
namespace {

constexpr const char* kConvergence = "convergence";
constexpr const char* kWeights = "weights";
constexpr const char* kProjection = "projection";
constexpr const char* kFindings = "findings";
constexpr const char* kPredictions = "predictions";
const std::vector<std::string> kOfCompression{"pruning", "quantization", "trade_offs"};

/// Computes all analyses, or only the one named in `only` and those that it depends on.
class Maker {
 public:
  Maker(const store::Reader& store, const AnalysisRequest& request)
      : store_(store), only_(request.only), jobs_(request.resources.jobs) {
    all_.population = analysis::population_of(store);
    all_.lacks = store.lacks();
    all_.changed = store.changed_values();
    settings_ = request.settings(all_.population.study);
  }

  Analyses make() {
    if (needs(kConvergence)) add_convergence();
    if (std::ranges::any_of(kOfCompression, [this](const auto& name) { return needs(name); })) {
      add_compression();
    }
    if (only_.empty() || only_ == kPredictions) add_predictions();  // no finding depends on them
    if (needs(kWeights) || needs(kProjection)) add_weights();
    if (needs(kFindings)) add_findings();
    return std::move(all_);
  }

 private:
  /// Findings test the results of the other analyses.
  [[nodiscard]] bool needs(const std::string& name) const {
    return only_.empty() || only_ == name || only_ == kFindings;
  }

  void keep(std::vector<record::AnalysisRecord> records) {
    if (!only_.empty()) {
      std::erase_if(records, [this](const auto& record) { return record.name != only_; });
    }
    std::ranges::move(records, std::back_inserter(all_.records));
  }

  void add_convergence() {
    all_.convergence = analysis::convergence_of(all_.population, settings_);
    keep({analysis::record_of(all_.convergence, all_.population, kVersion)});
  }
  void add_compression() {
    all_.compression = analysis::compression_of(all_.population, settings_);
    keep(analysis::records_of(all_.compression, all_.population, kVersion));
  }
  void add_predictions() {
    all_.predictions =
        analysis::image_outcomes_of(all_.population, analysis::outcomes_in(store_), settings_);
    keep({analysis::record_of(all_.predictions, all_.population, kVersion)});
  }
  void add_weights() {
    const analysis::WeightFamilies families =
        analysis::weight_families_of(all_.population, analysis::summaries_in(store_), settings_);
    if (needs(kWeights)) {
      all_.weights = analysis::weights_of(all_.population, families, settings_);
      keep(analysis::records_of(all_.weights, kVersion));
    }
    if (needs(kProjection)) {
      all_.projection = analysis::projection_of(
          all_.population, families, settings_,
          [this](const std::string& run) { return store_.weights(run); }, jobs_);
      keep(analysis::records_of(all_.projection, kVersion));
    }
  }
  void add_findings() {
    all_.findings = analysis::findings_of({.population = all_.population,
                                           .convergence = all_.convergence,
                                           .compression = all_.compression,
                                           .settings = settings_,
                                           .weights = &all_.weights,
                                           .projection = &all_.projection});
    keep({analysis::record_of(all_.findings, kVersion)});
  }

  const store::Reader& store_;
  const std::string& only_;
  std::size_t jobs_;
  study::AnalysisSettings settings_;
  Analyses all_;
};

}  // namespace

std::vector<std::string> analysis_names() {
  std::vector<std::string> names{kConvergence};
  std::ranges::copy(kOfCompression, std::back_inserter(names));
  for (const char* name : {kPredictions, kWeights, kProjection, kFindings})
    names.emplace_back(name);
  return names;
}

study::AnalysisSettings stored_settings(const record::StudyRecord& study) {
  return study::parse_analysis_settings(study.text, study.name);
}

Analyses analyses_of(const store::Reader& store, const AnalysisRequest& request) {
  return Maker(store, request).make();
}

Analyses analyze_store(const std::filesystem::path& directory, const AnalysisRequest& request) {
  const auto writer = store::open_writer(directory, {.may_create = false});
  const auto reader = store::open_reader(directory);
  check_analyses_fit(*reader, directory.string(), request.resources.memory_limit);
  Analyses analyses = analyses_of(*reader, request);
  for (const record::AnalysisRecord& record : analyses.records) writer->keep(record);
  // The new analyses replace those whose values had changed.
  if (!analyses.changed.empty()) analyses.changed = reader->changed_values();
  return analyses;
}

analysis::Headline headline_of(const Analyses& analyses, const std::string& store) {
  return analysis::headline_of({.population = analyses.population,
                                .convergence = analyses.convergence,
                                .outcomes = analyses.predictions,
                                .findings = analyses.findings,
                                .store = shell_word(store),
                                .lacks = analyses.lacks,
                                .changed = analyses.changed});
}

std::string analyses_text(const Analyses& analyses, const report::TextStyle& style) {
  const auto has = [&](const std::string& name) {
    return std::ranges::any_of(analyses.records,
                               [&](const auto& record) { return record.name == name; });
  };
  std::vector<std::string> parts;
  if (has(kConvergence)) {
    parts.push_back(report::convergence_text(analyses.convergence, analyses.population, style));
  }
  if (std::ranges::any_of(kOfCompression, has)) {
    parts.push_back(report::compression_text(analyses.compression, analyses.population, style));
  }
  if (has(kPredictions)) {
    parts.push_back(report::predictions_text(analyses.predictions, style));
  }
  if (has(kWeights)) parts.push_back(report::weights_text(analyses.weights, style));
  if (has(kProjection)) parts.push_back(report::projection_text(analyses.projection, style));
  if (has(kConvergence)) {
    parts.push_back(report::published_text(analyses.convergence, analyses.population, style));
  }
  if (has(kFindings)) parts.push_back(report::findings_text(analyses.findings, style));
  std::string text;
  for (const std::string& part : parts) {
    text += (text.empty() || part.empty() ? "" : "\n") + part;
  }
  return text;
}

}  // namespace minima::app
