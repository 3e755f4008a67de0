// minima run: runs everything in a study; a second call resumes it.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include "analysis/population/answer.h"
#include "app/analyses/analyses.h"
#include "app/analyses/analysis_memory.h"
#include "app/analyses/changed_values.h"
#include "app/console.h"
#include "app/embedded.h"
#include "app/pages/error_galleries.h"
#include "app/pages/page_refresh.h"
#include "app/pages/report_page.h"
#include "cli/arguments/arguments.h"
#include "cli/commands/commands.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/progress_display.h"
#include "core/error.h"
#include "core/text.h"
#include "engine/backend.h"
#include "report/json.h"
#include "report/screens/left_out_text.h"
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
  bool retrain_missing = false;
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
        quiet(arguments.quiet),
        retrain_missing(arguments.retrain_missing) {}

  static constexpr std::int64_t kDay = 86'400;  // seconds
  std::uint64_t memory_limit = 0;               ///< bytes of the whole program; 0: unlimited
  app::Resources training;                      ///< for training and compression
  std::chrono::seconds refresh;
  std::string shard;
  bool quiet;
  bool retrain_missing;  ///< trains runs again whose weights compression needs
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
  run::RetrainOutcome retraining;
  run::CompressionOutcome compression;

  [[nodiscard]] bool interrupted() const {
    return runs.interrupted || retraining.interrupted || compression.interrupted;
  }
};

/// Printed even if progress is off, because these runs count as done and will not be trained again.
void warn_of_lost_weights(const std::string& directory) {
  app::write_log(report::lost_weights_text(store::lost_weights(directory), directory));
}

/// If this session adds results to a store that another processor or version began: they may differ
/// in their last bits from those that are in it.
void warn_of_other_backends(const run::Prepared& prepared, const std::string& directory,
                            const record::BackendRecord& here) {
  const auto reader = store::open_reader(directory);
  std::string others;
  for (const record::BackendUse& use : reader->backends()) {
    if (use.backend == here) continue;
    others += (others.empty() ? "" : ", ") + printable(use.backend.text());
  }
  if (others.empty()) return;
  if (run::unrecorded_runs(prepared, *reader) == 0 &&
      run::compression_so_far(prepared, *reader).missing() == 0) {
    return;
  }
  app::write_log(
      fmt::format("new results are computed by {}; their last bits can differ from the results in "
                  "{}, computed by {}\n",
                  here.text(), printable(directory), others));
}

std::string retrained_text(const run::RetrainOutcome& outcome) {
  if (outcome.planned == 0) {
    return "no run was trained again: no weights are missing";
  }
  return fmt::format("{} of {} trained again for their weights; the results are the same",
                     grouped(outcome.retrained), report::counted(outcome.planned, "run"));
}

/// Weights that the study now keeps, but an earlier session did not.
void note_missing_weights(const run::Prepared& prepared, const std::string& directory) {
  if (prepared.study.weights != study::KeepWeights::all) return;
  const auto lacking = run::runs_without_weights(prepared, *store::open_reader(directory));
  if (lacking.empty()) return;
  app::write_log(fmt::format(
      "note: the store lacks the weights of {}, although the study keeps those of all runs; the "
      "same command with --retrain-missing trains them again, with the same results\n",
      report::counted(static_cast<std::int64_t>(lacking.size()), "run")));
}

/// A folder of something else may have been named by mistake.
void note_other_files(const std::string& directory) {
  namespace fs = std::filesystem;
  std::error_code error;
  bool others = false;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("runs.sqlite")) return;  // a store
    if (name != "lock") others = true;
  }
  if (!others) return;
  app::write_log(fmt::format("note: {} holds other files; the store's files are put beside them\n",
                             printable(directory)));
}

/// Trains, then prunes and quantizes.
Outcomes carry_out(const run::Prepared& prepared, const std::string& directory,
                   const RunOptions& asked) {
  const bool quiet = asked.quiet;
  const app::Resources& resources = asked.training;
  note_other_files(directory);
  const auto backend = engine::make_cpu_backend();
  const auto writer = store::open_writer(directory);
  warn_of_lost_weights(directory);
  const engine::BackendInfo computes = backend->info();
  warn_of_other_backends(prepared, directory, run::record_of(computes));
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
                    .retraining = {},
                    .compression = {}};
  if (asked.retrain_missing && !watch.token().stop_requested()) {
    const auto reader = store::open_reader(directory);
    outcomes.retraining =
        run::retrain(prepared, *backend, *writer, *reader,
                     run::runs_without_weights(prepared, *reader), directory, options, *progress);
  }
  record::SessionRecord end = session;
  if (!watch.token().stop_requested()) {
    outcomes.compression = run::compress_runs(
        prepared, *backend, *writer, *store::open_reader(directory),
        {.jobs = resources.jobs, .memory_limit = resources.memory_limit, .stop = watch.token()},
        *progress);
    end.compression_left = outcomes.compression.missing();
    end.left_out = outcomes.compression.without_weights;
  }
  progress->end();
  writer->keep(run::session_ending(end));
  if (const auto again = outcomes.compression.again; again > 0 && !quiet) {
    app::write_log(fmt::format(
        "{} repeated, because an older version of minima quantized activations incorrectly\n",
        report::counted(again, "compression task")));
  }
  if (!asked.retrain_missing && outcomes.compression.without_weights == 0) {
    note_missing_weights(prepared, directory);
  }
  const bool was_reached = outcomes.retraining.planned > 0 || !watch.token().stop_requested();
  if (asked.retrain_missing && was_reached && !quiet) {
    app::write_log(retrained_text(outcomes.retraining) + "\n");
  }
  return outcomes;
}

void print_json(const std::string& directory, const Outcomes& outcomes,
                const report::LeftOut& left_out, const analysis::Answer& answer,
                const analysis::Headline& headline, const app::Analyses& analyses) {
  report::Json document{
      {"study", answer.study}, {"store", directory}, {"runs", report::outcome_json(outcomes.runs)}};
  if (outcomes.compression.planned > 0) {
    document["compression"] = report::outcome_json(outcomes.compression);
  }
  if (outcomes.retraining.planned > 0) {
    document["retraining"] = report::outcome_json(outcomes.retraining);
  }
  document["left_out"] = report::left_out_json(left_out);
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
  if (const auto& retraining = outcomes.retraining; retraining.interrupted) {
    saved += fmt::format(" and the weights of {} of {} retrained runs",
                         grouped(retraining.retrained), grouped(retraining.planned));
  }
  return {
      Error::Kind::interrupted,
      fmt::format("interrupted: {} are saved in {}; the same command resumes", saved, directory)};
}

/// The images of the study's own datasets.
app::ImagesOf images_in(run::DatasetPool& pool, const engine::Backend& backend) {
  return [&pool, &backend](const record::DatasetRecord& record) {
    pool.expect_users(record.name, 1);
    const std::shared_ptr<const run::DatasetPool::Lease> lease(
        new run::DatasetPool::Lease(pool.take(record.name, backend)));
    return std::shared_ptr<const data::Dataset>(lease, &(**lease).data());
  };
}

void run_study(const RunArguments& arguments) {
  RunOptions asked(arguments);
  const run::Prepared prepared = arguments.study.prepare();
  check_memory(prepared, asked);
  const std::string directory = store_directory(arguments.store, prepared.study);

  // Printed even if progress is off: nothing is left out of the data silently.
  app::write_log(
      report::notes_text(prepared.datasets->records(), {.width = app::columns_of(stderr)}));
  const Outcomes outcomes = carry_out(prepared, directory, asked);
  const report::LeftOut left_out{.tasks = outcomes.compression.without_weights,
                                 .runs = outcomes.compression.runs_without_weights,
                                 .remedy = arguments.study.retrain_command(directory)};
  // Printed even if progress is off, like what is left out of the data.
  if (left_out.tasks > 0) app::write_log(report::left_out_text(left_out) + "\n");

  set_interrupt_note(fmt::format("{} of {} runs are saved in {}; the same command resumes",
                                 grouped(outcomes.runs.planned - outcomes.runs.missing()),
                                 grouped(outcomes.runs.planned), directory));
  const app::Analyses analyses = app::analyze_store(
      directory, {.settings = settings_of(prepared),
                  .resources = {.jobs = asked.training.jobs, .memory_limit = asked.memory_limit}});
  const auto store = store::open_reader(directory);
  const analysis::Answer answer = analysis::answer_of(*store, analyses.convergence.settings);
  const analysis::Headline headline = app::headline_of(analyses, directory);
  const auto backend = engine::make_cpu_backend();
  const std::string page =
      app::write_default_page(directory, answer, headline, analyses,
                              app::error_galleries(*store, headline, analyses.population,
                                                   images_in(*prepared.datasets, *backend)));
  if (arguments.json) {
    print_json(directory, outcomes, left_out, answer, headline, analyses);
  } else if (!outcomes.interrupted()) {
    app::write_screen(report::summary_text(headline, {directory, page}, app::output_style()));
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
  command->add_flag("--retrain-missing", arguments->retrain_missing,
                    "train runs again whose weights the store lacks but the study needs or keeps");
  command->add_flag("--quiet", arguments->quiet, "do not show progress");
  add_json_flag(*command, arguments->json);
  command->footer(
      "Ctrl-C keeps every finished run; the same command resumes.\n"
      "If pruning, quantization or weights = \"all\" is added to a finished study,\n"
      "--retrain-missing trains the runs again that this needs, with the same results.\n"
      "Examples:\n"
      "  minima run embedded\n"
      "  minima run study.toml --data-dir data --jobs 4\n"
      "  minima run study.toml --set study.replicates=20 --store more.minima\n"
      "  minima run study.toml --shard 2/8 --store part-2.minima");
  command->callback([arguments] { run_study(*arguments); });
}

}  // namespace minima::cli
