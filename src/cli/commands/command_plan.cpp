// minima plan: shows what would run, before any time is spent.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/analyses/analysis_memory.h"
#include "app/console.h"
#include "cli/arguments/arguments.h"
#include "cli/commands/commands.h"
#include "kernels/peak.h"
#include "report/json.h"
#include "report/screens/plan_text.h"
#include "run/compress/compress.h"
#include "run/estimate/estimate.h"
#include "run/train/execute.h"
#include "store/store.h"

namespace minima::cli {
namespace {

constexpr double kPeakSeconds = 0.2;
constexpr std::size_t kMostRows = 24;

struct PlanArguments {
  StudyArguments study;
  std::string store;
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

/// What the store holds already; empty if `minima run` would create it. Only reads the store.
std::optional<report::PlannedStore> store_of(const run::Prepared& prepared,
                                             const PlanArguments& arguments) {
  const std::string directory = store_directory(arguments.store, prepared.study);
  if (!store::has_store(directory)) return std::nullopt;
  const auto reader = store::open_reader(directory);
  report::PlannedStore store{.directory = directory};
  if (const std::string train = reader->study().train; train != prepared.study.training_text()) {
    store.other_settings = train;
    return store;
  }
  store.recorded =
      static_cast<std::int64_t>(prepared.runs.size()) - run::unrecorded_runs(prepared, *reader);
  store.compression = run::compression_so_far(prepared, *reader);
  store.left_out = {.tasks = store.compression.without_weights,
                    .runs = store.compression.runs_without_weights,
                    .remedy = arguments.study.retrain_command(directory)};
  return store;
}

void plan(const PlanArguments& arguments) {
  const app::Resources resources = arguments.study.resources.parsed();
  // The JSON includes a checksum of every dataset, which requires its images.
  const run::Prepared prepared = arguments.study.prepare(!arguments.json);
  report::PlanSummary summary = summary_of(prepared, arguments.study.shard, resources);
  summary.store = store_of(prepared, arguments);
  if (arguments.json) {
    app::write_output(report::document(report::plan_json(summary)));
    return;
  }
  report::TextStyle style = app::output_style();
  if (!arguments.all) style.most_rows = kMostRows;
  app::write_screen(report::plan_text(summary, style));
}

}  // namespace

void add_plan(CLI::App& program) {
  auto arguments = std::make_shared<PlanArguments>();
  CLI::App* command = program.add_subcommand("plan", "Show what a study would run and cost");
  arguments->study.add_to(*command);
  command->add_option("--store", arguments->store, "folder with earlier results [NAME.minima]")
      ->type_name("DIR");
  command->add_flag("--all", arguments->all, "show every architecture");
  add_json_flag(*command, arguments->json);
  command->footer(
      "If the store exists, it also says what is done and what is left. It writes nothing.\n"
      "Examples:\n"
      "  minima plan embedded\n"
      "  minima plan study.toml --set train.epochs=5 --jobs 8\n"
      "  minima plan study.toml --json | jq .seconds");
  command->callback([arguments] { plan(*arguments); });
}

}  // namespace minima::cli
