// minima plan: shows what would run, before any time is spent.
#include <memory>

#include "app/analysis_memory.h"
#include "app/console.h"
#include "cli/arguments/arguments.h"
#include "cli/commands/commands.h"
#include "kernels/peak.h"
#include "report/json.h"
#include "report/screens/plan_text.h"
#include "run/estimate/estimate.h"

namespace minima::cli {
namespace {

constexpr double kPeakSeconds = 0.2;
constexpr std::size_t kMostRows = 24;

struct PlanArguments {
  StudyArguments study;
  bool json = false;
  bool all = false;
};

report::PlanSummary summary_of(const run::Prepared& prepared, const std::string& shard,
                               const app::Resources& resources) {
  const std::size_t jobs = resources.jobs;
  report::PlanSummary summary{
      .study = prepared.study.name,
      .shard = shard,
      .jobs = jobs,
      .peak_gflops = kernels::measure_peak_gflops(static_cast<int>(jobs), kPeakSeconds),
      .datasets = {},
      .architectures = run::architectures_of(prepared),
      .estimate = {},
      .compression = {}};
  for (const auto& record : prepared.datasets->records()) {
    summary.datasets.push_back({record, prepared.datasets->origin(record.name)});
  }
  summary.estimate = app::estimate_within(prepared, resources, summary.peak_gflops);
  summary.compression = run::estimate_compression(prepared, jobs, summary.peak_gflops);
  summary.analysis_bytes = app::analysis_bytes_within(summary.estimate, summary.compression,
                                                      resources.memory_limit, prepared.study.file);
  return summary;
}

void plan(const PlanArguments& arguments) {
  const app::Resources resources = arguments.study.resources.parsed();
  // The JSON includes a checksum of every dataset, which requires its images.
  const run::Prepared prepared = arguments.study.prepare(!arguments.json);
  const report::PlanSummary summary = summary_of(prepared, arguments.study.shard, resources);
  if (arguments.json) {
    app::write_output(report::document(report::plan_json(summary)));
    return;
  }
  report::TextStyle style = app::output_style();
  if (!arguments.all) style.most_rows = kMostRows;
  app::write_text(report::plan_text(summary, style));
}

}  // namespace

void add_plan(CLI::App& program) {
  auto arguments = std::make_shared<PlanArguments>();
  CLI::App* command = program.add_subcommand("plan", "Show what a study would run and cost");
  arguments->study.add_to(*command);
  command->add_flag("--all", arguments->all, "show every architecture");
  add_json_flag(*command, arguments->json);
  command->footer(
      "Examples:\n"
      "  minima plan embedded\n"
      "  minima plan study.toml --set train.epochs=5 --jobs 8\n"
      "  minima plan study.toml --json | jq .seconds");
  command->callback([arguments] { plan(*arguments); });
}

}  // namespace minima::cli
