#include "app/pages/comparison_file.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <memory>

#include "app/analyses/analyses.h"
#include "app/analyses/analysis_memory.h"
#include "app/analyses/changed_values.h"
#include "app/console.h"
#include "app/pages/report_page.h"
#include "core/error.h"
#include "core/text.h"
#include "report/page/comparison_page.h"
#include "report/page/page_frame.h"
#include "store/store.h"

namespace minima::app {
namespace {

namespace fs = std::filesystem;

/// A store and the analyses that a comparison needs.
struct Study {
  std::unique_ptr<store::Reader> store;
  analysis::Population population;
  analysis::Convergence convergence;
  analysis::ImageOutcomes outcomes;
  analysis::Findings findings;  ///< none: a comparison has no claims

  /// Refers to the study.
  [[nodiscard]] analysis::HeadlineInput input(const std::string& name) const {
    return {.population = population,
            .convergence = convergence,
            .outcomes = outcomes,
            .findings = findings,
            .store = shell_word(name)};
  }
};

Study study_in(const std::string& name, const Resources& resources) {
  Study study;
  study.store = store::open_reader(name);
  check_analyses_fit(*study.store, name, resources.memory_limit);
  study.population = analysis::population_of(*study.store);
  const study::AnalysisSettings settings = stored_settings(study.population.study);
  study.convergence = analysis::convergence_of(study.population, settings);
  study.outcomes =
      analysis::image_outcomes_of(study.population, analysis::outcomes_in(*study.store), settings);
  warn_of_changed_values(study.store->changed_values(), name);
  return study;
}

/// "embedded" for "results/embedded.minima/".
std::string stem_of(const std::string& store) {
  fs::path path = fs::path(store).lexically_normal();
  if (path.filename().empty()) path = path.parent_path();
  const std::string stem = path.stem().string();
  return stem.empty() || stem.front() == '.' ? "store" : stem;
}

}  // namespace

ComparedStores compared_stores(const std::array<std::string, 2>& stores,
                               const Resources& resources) {
  std::error_code error;
  if (fs::equivalent(stores[0], stores[1], error)) {
    throw input_error({stores[1], ""}, "is the same store", "name two stores");
  }
  const Study first = study_in(stores[0], resources);
  const Study second = study_in(stores[1], resources);
  const std::array inputs{first.input(stores[0]), second.input(stores[1])};
  ComparedStores compared{
      .headlines = {analysis::headline_of(inputs[0]), analysis::headline_of(inputs[1])}};
  compared.comparison = analysis::comparison_of(
      {inputs[0], compared.headlines[0], analysis::outcomes_in(*first.store)},
      {inputs[1], compared.headlines[1], analysis::outcomes_in(*second.store)});
  return compared;
}

std::string default_comparison_page(const std::array<std::string, 2>& stores) {
  std::string file = fmt::format("{}-and-{}.html", stem_of(stores[0]), stem_of(stores[1]));
  std::error_code error;
  if (!fs::exists(file, error)) return file;
  std::string beginning(4096, '\0');
  std::ifstream in(file, std::ios::binary);
  in.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  if (!report::is_page(beginning)) {
    throw input_error({file, ""}, "exists and is not a page of minima", "give -o FILE");
  }
  return file;
}

void write_comparison_page(const std::string& file, const report::ComparisonInput& input) {
  write_named_file(file, report::comparison_page(input, now_text()));
}

}  // namespace minima::app
