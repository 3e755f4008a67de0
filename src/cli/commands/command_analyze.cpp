// minima analyze: recomputes the analyses of a store from its runs.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "app/analyses/analyses.h"
#include "app/analyses/changed_values.h"
#include "app/console.h"
#include "cli/arguments/arguments.h"
#include "cli/commands/commands.h"
#include "core/error.h"
#include "core/text.h"
#include "report/json.h"
#include "report/text/entry.h"
#include "store/store.h"

namespace minima::cli {
namespace {

struct AnalyzeArguments {
  std::string store;
  std::string only;
  std::vector<std::string> settings;
  ResourceArguments resources;
  bool json = false;
};

void check_only(const std::string& only) {
  const std::vector<std::string> known = app::analysis_names();
  if (only.empty() || std::ranges::find(known, only) != known.end()) return;
  throw app::unknown_name("--only", "analysis", only, known);
}

study::AnalysisSettings settings_of(const AnalyzeArguments& arguments,
                                    const record::StudyRecord& study) {
  std::vector<study::Override> overrides;
  for (const std::string& text : arguments.settings) {
    overrides.push_back(study::parse_override(text));
  }
  return study::parse_analysis_settings(study.text, study.name, overrides);
}

/// Checks the difficulty_order of --set. That of the study file was checked when the study ran.
void refuse_unknown_order(const AnalyzeArguments& arguments) {
  const auto names_order = [](const std::string& setting) {
    return setting.starts_with("analysis.difficulty_order");
  };
  if (std::ranges::none_of(arguments.settings, names_order)) return;
  const auto store = store::open_reader(arguments.store);
  std::vector<std::string> names;
  for (const record::DatasetRecord& each : store->datasets()) names.push_back(each.name);
  for (const std::string& part :
       split(settings_of(arguments, store->study()).difficulty_order, ',')) {
    const std::string name(trim(part));
    if (name.empty() || std::ranges::find(names, name) != names.end()) continue;
    throw input_error({"--set analysis.difficulty_order", ""},
                      fmt::format("the store has no dataset \"{}\"", printable(name, 80)),
                      suggestion(name, names));
  }
}

std::string nothing_text(const std::string& only) {
  if (only == "weights" || only == "projection") {
    return "no weight statistics: the runs were trained by an older version of minima\n";
  }
  return "this store has no pruned or quantized networks\n";
}

void analyze(const AnalyzeArguments& arguments) {
  check_only(arguments.only);
  refuse_unknown_order(arguments);
  const app::Analyses analyses = app::analyze_store(
      arguments.store,
      {.settings = [&](const record::StudyRecord& study) { return settings_of(arguments, study); },
       .only = arguments.only,
       .resources = arguments.resources.parsed()});
  if (arguments.json) {
    report::Json document{{"study", analyses.population.study.name}};
    for (const auto& record : analyses.records) report::add_analysis(document, record);
    app::write_output(report::document(document));
  } else {
    const std::string text = app::analyses_text(analyses, app::output_style());
    app::write_screen(text.empty() ? nothing_text(arguments.only) : text);
  }
  app::warn_of_changed_values(analyses.changed, arguments.store);
}

}  // namespace

void add_analyze(CLI::App& program) {
  auto arguments = std::make_shared<AnalyzeArguments>();
  CLI::App* command =
      program.add_subcommand("analyze", "Analyse the runs of a store and save the results in it");
  command->add_option("STORE", arguments->store, "store written by minima run")
      ->required()
      ->type_name("");
  command->add_option("--only", arguments->only, "run only this analysis, listed below [all]")
      ->type_name("NAME");
  command
      ->add_option("--set", arguments->settings, "override a setting, such as analysis.bands=paper")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  arguments->resources.add_to(*command);
  add_json_flag(*command, arguments->json);
  command->footer(
      report::entry("NAME is", fmt::format("{}.", fmt::join(app::analysis_names(), ", ")), {}) +
      "Settings come from [analysis] in the study file; --set overrides them. The\n"
      "tables it writes are described in docs/store.md; minima export writes one.\n"
      "Examples:\n"
      "  minima analyze embedded.minima\n"
      "  minima analyze embedded.minima --only convergence --set analysis.group_by=test\n"
      "  minima analyze embedded.minima --json | jq .convergence.sizes");
  command->callback([arguments] { analyze(*arguments); });
}

}  // namespace minima::cli
