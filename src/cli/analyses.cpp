#include "cli/analyses.h"

#include "cli/embedded.h"
#include "store/store.h"

namespace minima::cli {

Analyses analyze_store(
    const std::filesystem::path& directory,
    const std::function<study::AnalysisSettings(const store::StudyRecord&)>& settings_of) {
  const auto writer = store::open_writer(directory, {.may_create = false});
  Analyses analyses{.population = analysis::population_of(*store::open_reader(directory)),
                    .convergence = {},
                    .record = {}};
  analyses.convergence =
      analysis::convergence_of(analyses.population, settings_of(analyses.population.study));
  analyses.record = analysis::record_of(analyses.convergence, analyses.population, kVersion);
  writer->keep(analyses.record);
  return analyses;
}

}  // namespace minima::cli
