// minima run: runs everything in a study; a second call resumes it.
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>

#include "analysis/population/answer.h"
#include "app/analyses.h"
#include "app/analysis_memory.h"
#include "app/changed_values.h"
#include "app/console.h"
#include "app/embedded.h"
#include "app/page_refresh.h"
#include "app/report_page.h"
#include "cli/arguments/arguments.h"
#include "cli/commands/commands.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/progress_display.h"
#include "core/error.h"
#include "core/text.h"
#include "engine/backend.h"
#include "report/json.h"
#include "report/screens/status_text.h"
#include "report/screens/summary_text.h"
#include "report/text/notes_text.h"
#include "run/compress/compress.h"
#include "run/compress/compression_estimate.h"
#include "run/estimate/estimate.h"
#include "run/setup/session.h"
#include "run/train/execute.h"
#include "store/doctor.h"
#include "store/store.h"

namespace minima::cli {
namespace {

struct RunArguments {
  StudyArguments study;
  std::string store;
  std::string refresh = "30";
  bool quiet = false;
  bool json = false;
};

ProgressStyle progress_style(bool quiet) {
  if (quiet) return ProgressStyle::none;
  return app::is_terminal(stderr) ? ProgressStyle::live : ProgressStyle::plain;
}

/// The settings of the current study: the store may still hold an earlier text of it.
app::SettingsOf settings_of(const run::Prepared& prepared) {
  return [&prepared](const record::StudyRecord&) { return prepared.study.analysis; };
}

/// The parsed options.
struct RunOptions {
  explicit RunOptions(const RunArguments& arguments)
      : memory_limit(arguments.study.resources.parsed().memory_limit),
        training(arguments.study.resources.parsed()),
        refresh(app::parse_count("--refresh", arguments.refresh, 0, kDay)),
        shard(arguments.study.shard),
        quiet(arguments.quiet) {}

  static constexpr std::int64_t kDay = 86'400;  // seconds
  std::uint64_t memory_limit = 0;               ///< bytes of the whole program; 0: unlimited
  app::Resources training;                      ///< for training and compression
  std::chrono::seconds refresh;
  std::string shard;
  bool quiet;
};

/// Input error if the study does not fit into memory. Pages written during training need memory in
/// addition: either it is set aside, or no pages are written then.
void check_memory(const run::Prepared& prepared, RunOptions& asked) {
  const run::Estimate cost = app::estimate_within(prepared, asked.training, 1.0);
  const auto compression = run::estimate_compression(prepared, asked.training.jobs, 1.0);
  const double pages =
      app::analysis_bytes_within(cost, compression, asked.memory_limit, prepared.study.file) -
      cost.fixed_bytes;
  if (asked.memory_limit == 0 || asked.refresh.count() == 0) return;
  const auto limit = static_cast<double>(asked.memory_limit);
  if (cost.fixed_bytes + cost.largest_run_bytes + pages <= limit) {
    asked.training.memory_limit = static_cast<std::uint64_t>(limit - pages);
    return;
  }
  asked.refresh = {};
  if (asked.quiet) return;
  app::write_log(
      "too little memory to update the report during training; it will be written at the end\n");
}

struct Outcomes {
  run::Outcome runs;
  run::CompressionOutcome compression;

  [[nodiscard]] bool interrupted() const { return runs.interrupted || compression.interrupted; }
};

/// Printed even if progress is off, because these runs count as done and will not be trained again.
void warn_of_lost_weights(const std::string& directory) {
  app::write_log(report::lost_weights_text(store::lost_weights(directory), directory));
}

/// If this session adds results to a store that another processor or version began: they may differ
/// in their last bits from those that are in it.
void warn_of_other_backends(const run::Prepared& prepared, const std::string& directory,
                            const store::Writer& writer, const record::BackendRecord& here) {
  const auto reader = store::open_reader(directory);
  std::string others;
  for (const record::BackendUse& use : reader->backends()) {
    if (use.backend == here) continue;
    others += (others.empty() ? "" : ", ") + printable(use.backend.text());
  }
  if (others.empty()) return;
  if (run::unrecorded_runs(prepared, writer) == 0 &&
      run::missing_compression(prepared, writer, *reader) == 0) {
    return;
  }
  app::write_log(
      fmt::format("new results are computed by {}; their last bits can differ from the results in "
                  "{}, computed by {}\n",
                  here.text(), printable(directory), others));
}

/// Trains, then prunes and quantizes.
Outcomes carry_out(const run::Prepared& prepared, const std::string& directory,
                   const RunOptions& asked) {
  const bool quiet = asked.quiet;
  const app::Resources& resources = asked.training;
  const auto backend = engine::make_cpu_backend();
  const auto writer = store::open_writer(directory);
  warn_of_lost_weights(directory);
  const engine::BackendInfo computes = backend->info();
  warn_of_other_backends(prepared, directory, *writer, run::record_of(computes));
  const auto runs = static_cast<std::int64_t>(prepared.runs.size());
  const auto progress = make_progress_display(
      progress_style(quiet),
      fmt::format("{}: {}, {}, into {}", prepared.study.name, report::counted(runs, "run"),
                  report::counted(static_cast<std::int64_t>(resources.jobs), "job"), directory));
  const InterruptWatch watch([quiet] {
    if (quiet) return;
    app::write_log("\nstopping: finished work is being saved (interrupt again to quit at once)\n");
  });
  const auto session = run::session_beginning(resources.jobs, asked.shard, app::kVersion, computes);
  const app::PageRefresh page(directory, settings_of(prepared), asked.refresh);
  const run::ExecuteOptions options{.jobs = resources.jobs,
                                    .memory_limit = resources.memory_limit,
                                    .program_version = app::kVersion,
                                    .session = session,
                                    .stop = watch.token()};
  Outcomes outcomes{.runs = run::execute(prepared, *backend, *writer, options, *progress),
                    .compression = {}};
  std::optional<std::int64_t> compression_left;
  if (!watch.token().stop_requested()) {
    outcomes.compression = run::compress_runs(
        prepared, *backend, *writer, *store::open_reader(directory),
        {.jobs = resources.jobs, .memory_limit = resources.memory_limit, .stop = watch.token()},
        *progress);
    compression_left = outcomes.compression.missing();
  }
  progress->end();
  writer->keep(run::session_ending(session, compression_left));
  if (const auto again = outcomes.compression.again; again > 0 && !quiet) {
    app::write_log(fmt::format(
        "{} repeated, because an older version of minima quantized activations incorrectly\n",
        report::counted(again, "compression task")));
  }
  if (const auto lost = outcomes.compression.without_weights; lost > 0 && !quiet) {
    app::write_log(
        fmt::format("{} skipped, because the weights of their runs were not kept; another --store "
                    "trains them again\n",
                    report::counted(lost, "compression task")));
  }
  return outcomes;
}

void print_json(const std::string& directory, const Outcomes& outcomes,
                const analysis::Answer& answer, const analysis::Headline& headline,
                const app::Analyses& analyses) {
  report::Json document{
      {"study", answer.study}, {"store", directory}, {"runs", report::outcome_json(outcomes.runs)}};
  if (outcomes.compression.planned > 0) {
    document["compression"] = report::outcome_json(outcomes.compression);
  }
  document["datasets"] = report::answer_json(answer)["datasets"];
  document["headline"] = report::headline_json(headline);
  for (const auto& record : analyses.records) report::add_analysis(document, record);
  app::write_output(report::document(document));
}

Error interruption(const Outcomes& outcomes, const std::string& directory) {
  const run::Outcome& runs = outcomes.runs;
  std::string saved =
      fmt::format("{} of {} runs", grouped(runs.planned - runs.missing()), grouped(runs.planned));
  if (const auto& compression = outcomes.compression; compression.interrupted) {
    saved += fmt::format(" and {} of {} compression tasks",
                         grouped(compression.planned - compression.missing()),
                         grouped(compression.planned));
  }
  return {
      Error::Kind::interrupted,
      fmt::format("interrupted: {} are saved in {}; the same command resumes", saved, directory)};
}

void run_study(const RunArguments& arguments) {
  RunOptions asked(arguments);
  const run::Prepared prepared = arguments.study.prepare();
  check_memory(prepared, asked);
  const std::string directory =
      arguments.store.empty() ? prepared.study.name + ".minima" : arguments.store;

  // Printed even if progress is off: nothing is left out of the data silently.
  app::write_log(
      report::notes_text(prepared.datasets->records(), {.width = app::columns_of(stderr)}));
  const Outcomes outcomes = carry_out(prepared, directory, asked);

  set_interrupt_note(fmt::format("{} of {} runs are saved in {}; the same command resumes",
                                 grouped(outcomes.runs.planned - outcomes.runs.missing()),
                                 grouped(outcomes.runs.planned), directory));
  const app::Analyses analyses = app::analyze_store(
      directory, {.settings = settings_of(prepared),
                  .resources = {.jobs = asked.training.jobs, .memory_limit = asked.memory_limit}});
  const analysis::Answer answer =
      analysis::answer_of(*store::open_reader(directory), analyses.convergence.settings);
  const analysis::Headline headline = app::headline_of(analyses, directory);
  const std::string page = app::write_default_page(directory, answer, headline, analyses);
  if (arguments.json) {
    print_json(directory, outcomes, answer, headline, analyses);
  } else if (!outcomes.interrupted()) {
    app::write_text(report::summary_text(headline, {directory, page}, app::output_style()));
  }
  if (outcomes.interrupted()) throw interruption(outcomes, directory);
  app::warn_of_changed_values(analyses.changed, directory);
}

}  // namespace

void add_run(CLI::App& program) {
  auto arguments = std::make_shared<RunArguments>();
  CLI::App* command =
      program.add_subcommand("run", "Train all runs of a study; the same command resumes");
  arguments->study.add_to(*command);
  command->add_option("--store", arguments->store, "folder for the results [NAME.minima]")
      ->type_name("DIR");
  command
      ->add_option("--refresh", arguments->refresh,
                   "update the report every SECONDS [30]; 0: at the end")
      ->type_name("SECONDS");
  command->add_flag("--quiet", arguments->quiet, "do not show progress");
  add_json_flag(*command, arguments->json);
  command->footer(
      "Ctrl-C keeps every finished run; the same command resumes.\n"
      "Examples:\n"
      "  minima run embedded\n"
      "  minima run study.toml --data-dir data --jobs 4\n"
      "  minima run study.toml --set study.replicates=20 --store more.minima\n"
      "  minima run study.toml --shard 2/8 --store part-2.minima");
  command->callback([arguments] { run_study(*arguments); });
}

}  // namespace minima::cli
