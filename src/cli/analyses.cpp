#include "cli/analyses.h"

#include "cli/embedded.h"
#include "study/study_file.h"

namespace minima::cli {

study::AnalysisSettings stored_settings(const store::StudyRecord& study) {
  return study::parse_analysis_settings(study.text, study.name);
}

Analyses analyses_of(const store::Reader& store, const SettingsOf& settings_of) {
  Analyses analyses{.population = analysis::population_of(store), .convergence = {}, .record = {}};
  analyses.convergence =
      analysis::convergence_of(analyses.population, settings_of(analyses.population.study));
  analyses.record = analysis::record_of(analyses.convergence, analyses.population, kVersion);
  return analyses;
}

Analyses analyze_store(const std::filesystem::path& directory, const SettingsOf& settings_of) {
  const auto writer = store::open_writer(directory, {.may_create = false});
  Analyses analyses = analyses_of(*store::open_reader(directory), settings_of);
  writer->keep(analyses.record);
  return analyses;
}

}  // namespace minima::cli
