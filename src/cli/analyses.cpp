#include "cli/analyses.h"

#include <algorithm>

#include "cli/embedded.h"
#include "report/compression_text.h"
#include "report/convergence_text.h"
#include "report/findings_text.h"
#include "study/study_file.h"

namespace minima::cli {
namespace {

constexpr const char* kConvergence = "convergence";
constexpr const char* kFindings = "findings";

bool is_wanted(const std::string& name, const std::string& only) {
  return only.empty() || only == name;
}

}  // namespace

std::vector<std::string> analysis_names() {
  return {kConvergence, "pruning", "quantization", "trade_offs", kFindings};
}

study::AnalysisSettings stored_settings(const store::StudyRecord& study) {
  return study::parse_analysis_settings(study.text, study.name);
}

Analyses analyses_of(const store::Reader& store, const SettingsOf& settings_of,
                     const std::string& only) {
  Analyses analyses{.population = analysis::population_of(store)};
  const analysis::Population& population = analyses.population;
  const study::AnalysisSettings settings = settings_of(population.study);
  const bool needs_all = is_wanted(kFindings, only);
  if (needs_all || is_wanted(kConvergence, only)) {
    analyses.convergence = analysis::convergence_of(population, settings);
  }
  if (only != kConvergence) {
    analyses.compression = analysis::compression_of(population, settings);
  }
  const auto keep = [&](store::AnalysisRecord record) {
    if (is_wanted(record.name, only)) analyses.records.push_back(std::move(record));
  };
  keep(analysis::record_of(analyses.convergence, population, kVersion));
  for (auto& record : analysis::records_of(analyses.compression, population, kVersion)) {
    keep(std::move(record));
  }
  if (needs_all) {
    analyses.findings =
        analysis::findings_of({population, analyses.convergence, analyses.compression, settings});
    keep(analysis::record_of(analyses.findings, kVersion));
  }
  return analyses;
}

Analyses analyze_store(const std::filesystem::path& directory, const SettingsOf& settings_of,
                       const std::string& only) {
  const auto writer = store::open_writer(directory, {.may_create = false});
  Analyses analyses = analyses_of(*store::open_reader(directory), settings_of, only);
  for (const store::AnalysisRecord& record : analyses.records) writer->keep(record);
  return analyses;
}

std::string analyses_text(const Analyses& analyses, const report::TextStyle& style) {
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(analyses.records,
                               [&](const auto& record) { return record.name == name; });
  };
  std::vector<std::string> parts;
  if (has(kConvergence)) {
    parts.push_back(report::convergence_text(analyses.convergence, analyses.population, style));
  }
  if (has("pruning") || has("quantization") || has("trade_offs")) {
    parts.push_back(report::compression_text(analyses.compression, analyses.population, style));
  }
  if (has(kFindings)) parts.push_back(report::findings_text(analyses.findings, style));
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "\n") + part;
  return text;
}

}  // namespace minima::cli
