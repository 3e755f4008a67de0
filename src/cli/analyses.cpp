#include "cli/analyses.h"

#include <algorithm>
#include <iterator>

#include "cli/embedded.h"
#include "report/compression_text.h"
#include "report/convergence_text.h"
#include "report/weights_text.h"
#include "study/study_file.h"

namespace minima::cli {
namespace {

constexpr const char* kConvergence = "convergence";
constexpr const char* kWeights = "weights";
constexpr const char* kProjection = "projection";

bool is_of_compression(const std::string& name) {
  return name != kConvergence && name != kWeights && name != kProjection;
}

bool is_wanted(const std::string& name, const std::string& only) {
  return only.empty() || only == name;
}

void add_records(Analyses& analyses, std::vector<store::AnalysisRecord> records) {
  std::ranges::move(records, std::back_inserter(analyses.records));
}

void add_weights(Analyses& analyses, const store::Reader& store,
                 const study::AnalysisSettings& settings, const std::string& only) {
  if (is_wanted(kWeights, only)) {
    analyses.weights =
        analysis::weights_of(analyses.population, analysis::weight_summaries_of(store), settings);
    add_records(analyses, analysis::records_of(analyses.weights, kVersion));
  }
  if (is_wanted(kProjection, only)) {
    analyses.projection = analysis::projection_of(analyses.population,
                                                  analysis::weight_summaries_of(store), settings);
    add_records(analyses, analysis::records_of(analyses.projection, kVersion));
  }
}

}  // namespace

std::vector<std::string> analysis_names() {
  return {kConvergence, "pruning", "quantization", "trade_offs", kWeights, kProjection};
}

study::AnalysisSettings stored_settings(const store::StudyRecord& study) {
  return study::parse_analysis_settings(study.text, study.name);
}

Analyses analyses_of(const store::Reader& store, const SettingsOf& settings_of,
                     const std::string& only) {
  Analyses analyses;
  analyses.population = analysis::population_of(store);
  const analysis::Population& population = analyses.population;
  const study::AnalysisSettings settings = settings_of(population.study);
  if (is_wanted(kConvergence, only)) {
    analyses.convergence = analysis::convergence_of(population, settings);
    analyses.records.push_back(analysis::record_of(analyses.convergence, population, kVersion));
  }
  if (only.empty() || is_of_compression(only)) {
    analyses.compression = analysis::compression_of(population, settings);
    for (auto& record : analysis::records_of(analyses.compression, population, kVersion)) {
      if (is_wanted(record.name, only)) analyses.records.push_back(std::move(record));
    }
  }
  add_weights(analyses, store, settings, only);
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
  const auto has = [&](const auto& is_one) {
    return std::ranges::any_of(analyses.records, is_one, &store::AnalysisRecord::name);
  };
  std::string text;
  const auto add = [&](const std::string& part) {
    text += (text.empty() || part.empty() ? "" : "\n") + part;
  };
  if (has([](const std::string& name) { return name == kConvergence; })) {
    add(report::convergence_text(analyses.convergence, analyses.population, style));
  }
  if (has(is_of_compression)) {
    add(report::compression_text(analyses.compression, analyses.population, style));
  }
  add(report::weights_text(analyses.weights, style));
  add(report::projection_text(analyses.projection, style));
  return text;
}

}  // namespace minima::cli
