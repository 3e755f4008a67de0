// minima report: shows the answer of a store on the terminal and as a page.
#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "analysis/population/answer.h"
#include "app/analyses/analyses.h"
#include "app/analyses/analysis_memory.h"
#include "app/analyses/changed_values.h"
#include "app/console.h"
#include "app/pages/comparison_file.h"
#include "app/pages/error_galleries.h"
#include "app/pages/figure_files.h"
#include "app/pages/report_page.h"
#include "cli/arguments/arguments.h"
#include "cli/commands/commands.h"
#include "core/error.h"
#include "report/comparison_json.h"
#include "report/figures/comparison_figures.h"
#include "report/json.h"
#include "report/screens/answer_text.h"
#include "report/screens/comparison_text.h"
#include "report/screens/summary_text.h"
#include "store/store.h"

namespace minima::cli {
namespace {

struct ReportArguments {
  std::vector<std::string> stores;  ///< one, or two to compare
  std::string page;
  std::string figures;
  std::string data_dir;
  ResourceArguments resources;
  bool all = false;
  bool text = false;
  bool json = false;

  [[nodiscard]] const std::string& store() const { return stores.front(); }
};

/// Whether no page is wanted unless -o names one.
bool only_prints(const ReportArguments& arguments) {
  return arguments.json || arguments.text || !arguments.figures.empty();
}

/// Returns the path of the written page; empty: none was written.
std::string written_page(const ReportArguments& arguments, const store::Reader& store,
                         const analysis::Answer& answer, const analysis::Headline& headline,
                         const app::Analyses& analyses) {
  if (arguments.page.empty() && only_prints(arguments)) return "";
  auto galleries = app::error_galleries(store, headline, analyses.population,
                                        app::named_images(arguments.data_dir));
  if (arguments.page.empty()) {
    return app::write_default_page(arguments.store(), answer, headline, analyses,
                                   std::move(galleries));
  }
  const bool to_output = app::is_standard_output(arguments.page);
  app::write_page(to_output ? "/dev/stdout" : arguments.page, answer, headline, analyses,
                  std::move(galleries));
  return arguments.page;
}

void print(const ReportArguments& arguments, const std::string& page,
           const analysis::Answer& answer, const analysis::Headline& headline,
           const app::Analyses& analyses) {
  if (arguments.json) {
    report::Json document = report::answer_json(answer);
    document["headline"] = report::headline_json(headline);
    for (const auto& record : analyses.records) report::add_analysis(document, record);
    app::write_output(report::document(document));
    return;
  }
  const report::TextStyle style = app::output_style();
  if (arguments.all) {
    app::write_screen(report::answer_text(answer, style) + "\n" +
                      app::analyses_text(analyses, style));
    return;
  }
  app::write_screen(report::summary_text(headline, {arguments.store(), page}, style));
}

std::string_view drawings_text(app::Drawings drawings) {
  switch (drawings) {
    case app::Drawings::none:
      return "";
    case app::Drawings::svg:
      return ", drawn 88 and 180 mm wide as SVG files";
    case app::Drawings::svg_and_pdf:
      return ", drawn 88 and 180 mm wide as SVG and PDF files";
  }
  return "";
}

/// Writes nothing unless --figures is given.
void write_figures(const ReportArguments& arguments, const std::vector<report::Figure>& figures,
                   const app::Resources& resources) {
  if (arguments.figures.empty()) return;
  const app::FigureFiles files = app::write_figures(arguments.figures, figures, resources.jobs);
  app::write_log(fmt::format("{} figures in {}{}\n", files.figures, arguments.figures,
                             drawings_text(files.drawings)));
}

/// Runs before anything is written or printed.
void check(const ReportArguments& arguments) {
  if (arguments.stores.size() > 2) {
    throw input_error({arguments.stores[2], ""}, "is a third store",
                      "name one store, or two to compare");
  }
  if (arguments.json && app::is_standard_output(arguments.page)) {
    throw input_error({"-o", ""}, "--json already uses standard output",
                      "name a file for the page");
  }
  std::error_code error;
  const bool exists = std::filesystem::exists(arguments.figures, error);
  if (exists && !std::filesystem::is_directory(arguments.figures, error)) {
    throw input_error({arguments.figures, ""}, "is not a folder", "name a folder for the figures");
  }
}

/// Runs before anything is written or printed.
void check_comparison(const ReportArguments& arguments) {
  check(arguments);
  const auto refuse = [&](bool given, const char* option) {
    if (!given) return;
    throw input_error({option, ""}, "is about one store, and two are named",
                      fmt::format("name one store, or leave out {}", option));
  };
  refuse(arguments.all, "--all");
  refuse(!arguments.data_dir.empty(), "--data-dir");
}

void print(const ReportArguments& arguments, const report::ComparisonInput& input) {
  if (arguments.json) {
    app::write_output(report::document(report::comparison_json(input)));
  } else {
    app::write_screen(report::comparison_text(input, app::output_style()));
  }
}

void compare_stores(const ReportArguments& arguments) {
  check_comparison(arguments);
  const std::array stores{arguments.stores[0], arguments.stores[1]};
  std::string page = arguments.page;
  if (page.empty() && !only_prints(arguments)) {
    page = app::default_comparison_page(stores);
  }
  const app::Resources resources = arguments.resources.parsed();
  const app::ComparedStores compared = app::compared_stores(stores, resources);
  const report::ComparisonInput input = compared.input({stores, page});
  if (!page.empty()) app::write_comparison_page(page, input);
  if (!app::is_standard_output(page)) print(arguments, input);
  write_figures(arguments, report::figures_of(compared.comparison), resources);
}

void report_store(const ReportArguments& arguments) {
  check(arguments);
  const auto store = store::open_reader(arguments.store());
  const app::Resources resources = arguments.resources.parsed();
  app::check_analyses_fit(*store, arguments.store(), resources.memory_limit);
  const analysis::Answer answer = analysis::answer_of(*store, app::stored_settings(store->study()));
  const app::Analyses analyses = app::analyses_of(*store, {.resources = resources});
  const analysis::Headline headline = app::headline_of(analyses, arguments.store());
  const std::string page = written_page(arguments, *store, answer, headline, analyses);
  if (!app::is_standard_output(arguments.page)) print(arguments, page, answer, headline, analyses);
  write_figures(arguments, app::figures_of(headline, analyses), resources);
  app::warn_of_changed_values(analyses.changed, arguments.store());
}

}  // namespace

void add_report(CLI::App& program) {
  auto arguments = std::make_shared<ReportArguments>();
  CLI::App* command = program.add_subcommand(
      "report", "Show the answer of a store, or compare two, and write a page with figures");
  command->add_option("STORE", arguments->stores, "store written by minima run; two to compare")
      ->required()
      ->expected(-1)  // one or more
      ->type_name("");
  command
      ->add_option("-o,--output", arguments->page,
                   "file for the page [STORE/report.html, or A-and-B.html here]; - for stdout")
      ->type_name("FILE");
  command
      ->add_option("--figures", arguments->figures,
                   "also write every figure: SVG and PDF for papers, .vl.json, .csv")
      ->type_name("DIR");
  command
      ->add_option("--data-dir", arguments->data_dir,
                   "folder with datasets, whose misclassified images the page then shows")
      ->type_name("DIR");
  command->add_flag("--all", arguments->all, "print every table instead of the answer");
  command->add_flag("--text", arguments->text, "print only, do not write the page");
  arguments->resources.add_to(*command);
  add_json_flag(*command, arguments->json);
  command->footer(
      "The page is one self-contained file. With --json, --text or --figures it is\n"
      "written only if -o is given. --figures draws each figure 88 and 180 mm wide, for\n"
      "one column of a paper and for two, with nodejs and librsvg2-bin if installed.\n"
      "Examples:\n"
      "  minima report embedded.minima\n"
      "  minima report embedded.minima --all | less\n"
      "  minima report embedded.minima -o embedded.html\n"
      "  minima report embedded.minima --figures figures\n"
      "  minima report embedded.minima --json | jq '.datasets[0]'\n"
      "  minima report before.minima after.minima");
  command->callback([arguments] {
    if (arguments->stores.size() > 1) {
      compare_stores(*arguments);
    } else {
      report_store(*arguments);
    }
  });
}

}  // namespace minima::cli
