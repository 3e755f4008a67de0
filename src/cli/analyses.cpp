#include "cli/analyses.h"

#include <algorithm>

#include "cli/embedded.h"
#include "report/compression_text.h"
#include "report/convergence_text.h"
#include "study/study_file.h"

namespace minima::cli {
namespace {

constexpr const char* kConvergence = "convergence";

bool is_wanted(const std::string& name, const std::string& only) {
  return only.empty() || only == name;
}

}  // namespace

std::vector<std::string> analysis_names() {
  return {kConvergence, "pruning", "quantization", "trade_offs"};
}

study::AnalysisSettings stored_settings(const store::StudyRecord& study) {
  return study::parse_analysis_settings(study.text, study.name);
}

Analyses analyses_of(const store::Reader& store, const SettingsOf& settings_of,
                     const std::string& only) {
  Analyses analyses{.population = analysis::population_of(store),
                    .convergence = {},
                    .compression = {},
                    .records = {}};
  const analysis::Population& population = analyses.population;
  const study::AnalysisSettings settings = settings_of(population.study);
  if (is_wanted(kConvergence, only)) {
    analyses.convergence = analysis::convergence_of(population, settings);
    analyses.records.push_back(analysis::record_of(analyses.convergence, population, kVersion));
  }
  if (only == kConvergence) return analyses;
  analyses.compression = analysis::compression_of(population, settings);
  for (auto& record : analysis::records_of(analyses.compression, population, kVersion)) {
    if (is_wanted(record.name, only)) analyses.records.push_back(std::move(record));
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
  std::string text;
  bool has_compression = false;
  for (const store::AnalysisRecord& record : analyses.records) {
    if (record.name == kConvergence) {
      text = report::convergence_text(analyses.convergence, analyses.population, style);
    } else {
      has_compression = true;
    }
  }
  if (!has_compression) return text;
  return text + (text.empty() ? "" : "\n") +
         report::compression_text(analyses.compression, analyses.population, style);
}

}  // namespace minima::cli
