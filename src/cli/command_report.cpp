// minima report: the answer of a store.
#include <memory>

#include "analysis/answer.h"
#include "cli/analyses.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "report/answer_text.h"
#include "report/json.h"
#include "store/store.h"

namespace minima::cli {
namespace {

struct ReportArguments {
  std::string store;
  bool json = false;
};

void report_store(const ReportArguments& arguments) {
  const auto store = store::open_reader(arguments.store);
  const analysis::Answer answer = analysis::answer_of(*store);
  const Analyses analyses = analyses_of(*store, stored_settings);
  if (arguments.json) {
    report::Json document = report::answer_json(answer);
    for (const auto& record : analyses.records) report::add_analysis(document, record);
    write_output(report::document(document));
    return;
  }
  const report::TextStyle style = output_style();
  write_output(report::answer_text(answer, style, "") + "\n" + analyses_text(analyses, style));
}

}  // namespace

void add_report(CLI::App& program) {
  auto arguments = std::make_shared<ReportArguments>();
  CLI::App* command = program.add_subcommand(
      "report", "Show what every architecture of a store reached, and how its runs converged");
  command->add_option("STORE", arguments->store, "store written by minima run")
      ->required()
      ->type_name("");
  add_json_flag(*command, arguments->json);
  command->footer(
      "Examples:\n"
      "  minima report embedded.minima\n"
      "  minima report embedded.minima --json | jq '.datasets[].smallest_within_one_point'");
  command->callback([arguments] { report_store(*arguments); });
}

}  // namespace minima::cli
