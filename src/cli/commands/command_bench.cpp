// minima bench: measures how fast this machine trains.
#include <fmt/format.h>

#include <memory>

#include "app/console.h"
#include "cli/arguments/arguments.h"
#include "cli/arguments/backends.h"
#include "cli/commands/commands.h"
#include "core/error.h"
#include "core/text.h"
#include "data/source/source.h"
#include "engine/backend.h"
#include "kernels/peak.h"
#include "report/json.h"
#include "report/screens/bench_text.h"
#include "run/estimate/bench.h"
#include "run/estimate/estimate.h"
#include "run/setup/machine.h"

namespace minima::cli {
namespace {

constexpr double kPeakSeconds = 0.3;
constexpr double kLongestSeconds = 600.0;

double measure_peak(std::size_t jobs) {
  return kernels::measure_peak_gflops(static_cast<int>(jobs), kPeakSeconds);
}

struct TrainArguments {
  std::string architecture;
  std::string dataset = "glyphs";
  std::string data_dir;
  std::string runs;
  std::string seconds = "2";
  std::string jobs = "1";
  std::string backend = "cpu";
  std::string memory;
  bool json = false;
};

double parse_seconds(const std::string& text) {
  const std::optional<double> seconds = parse_number(text);
  if (seconds && *seconds > 0.0 && *seconds <= kLongestSeconds) return *seconds;
  throw input_error({"--seconds", ""}, fmt::format("invalid duration \"{}\"", text),
                    fmt::format("give a number of seconds above 0, up to {}", kLongestSeconds));
}

network::Architecture parse_architecture(const std::string& text) {
  try {
    return network::Architecture::parse(text);
  } catch (const Error& error) {
    throw input_error({"--architecture", ""}, error.what());
  }
}

void bench_train(const TrainArguments& arguments) {
  constexpr std::int64_t kMostRuns = 256;
  const auto backend = parse_backend(arguments.backend);
  const run::BenchOptions options{.architecture = parse_architecture(arguments.architecture),
                                  .jobs = app::parse_jobs(arguments.jobs),
                                  .runs = arguments.runs.empty()
                                              ? 0
                                              : static_cast<std::size_t>(app::parse_count(
                                                    "--runs", arguments.runs, 1, kMostRuns)),
                                  .seconds = parse_seconds(arguments.seconds)};
  auto loaded = std::make_shared<const data::Dataset>(
      data::load(data::parse_source(arguments.dataset), app::data_folders(arguments.data_dir),
                 app::memory_for_data(app::parse_memory(arguments.memory)), options.jobs));
  study::TrainSettings train;
  train.batch = options.batch;
  const std::uint64_t limit = app::parse_memory(arguments.memory);
  const auto memory =
      backend->training_bytes(options.architecture, loaded->problem(), train, limit).total();
  run::refuse_too_large(run::kProgramBytes + static_cast<double>(options.jobs * memory), limit,
                        options.architecture.text(), {"--architecture", ""});
  const run::BenchResult result =
      run::bench_train(*backend, *backend->prepare(std::move(loaded)), options, measure_peak);
  if (arguments.json) {
    app::write_output(report::document(report::bench_json(result)));
  } else {
    app::write_screen(report::bench_text(result, app::output_style()));
  }
}

void bench_machine(bool json) {
  const run::Machine machine = run::this_machine();
  const report::MachineReport report{
      .machine = machine,
      .backend = engine::make_cpu_backend()->info(),
      .peak_gflops_one = measure_peak(1),
      .peak_gflops_all = measure_peak(static_cast<std::size_t>(machine.cores))};
  if (json) {
    app::write_output(report::document(report::machine_json(report)));
  } else {
    app::write_screen(report::machine_text(report, app::output_style()));
  }
}

void add_bench_train(CLI::App& bench) {
  auto arguments = std::make_shared<TrainArguments>();
  CLI::App* command = bench.add_subcommand("train", "Measure the training of one architecture");
  command
      ->add_option("--architecture", arguments->architecture, "architecture, such as \"dnn 32-32\"")
      ->required()
      ->type_name("TEXT");
  command->add_option("--dataset", arguments->dataset, "dataset to train on [glyphs]")
      ->type_name("NAME");
  command->add_option("--data-dir", arguments->data_dir, "folder with datasets, searched first")
      ->type_name("DIR");
  command->add_option("--runs", arguments->runs, "runs trained together per job [as in a study]")
      ->type_name("K");
  command->add_option("--seconds", arguments->seconds, "measuring time in seconds [2]")
      ->type_name("S");
  command->add_option("--jobs", arguments->jobs, "worker threads [1]")->type_name("N");
  command->add_option("--backend", arguments->backend, backend_names() + " [cpu]")
      ->type_name("NAME");
  add_memory_option(*command, arguments->memory);
  add_json_flag(*command, arguments->json);
  command->footer(
      "The backend plain follows the definitions and is slow. The backend check\n"
      "compares cpu with plain over the first 20 steps of each training; the time\n"
      "includes this. Evaluation is not timed. The peak is the rate of fused\n"
      "multiply-adds just before and after the training, with as many threads.\n"
      "Examples:\n"
      "  minima bench train --architecture \"dnn 32-32\"\n"
      "  minima bench train --architecture \"dnn 5-5\" --dataset mnist --jobs 2 --json");
  command->callback([arguments] { bench_train(*arguments); });
}

void add_bench_machine(CLI::App& bench) {
  auto json = std::make_shared<bool>(false);
  CLI::App* command = bench.add_subcommand("machine", "Show this machine and its peak speed");
  add_json_flag(*command, *json);
  command->callback([json] { bench_machine(*json); });
}

}  // namespace

void add_bench(CLI::App& program) {
  CLI::App* bench = program.add_subcommand("bench", "Measure how fast this machine trains");
  bench->require_subcommand(1);
  bench->footer(
      "Examples:\n"
      "  minima bench train --architecture \"dnn 32-32\"\n"
      "  minima bench machine");
  add_bench_train(*bench);
  add_bench_machine(*bench);
}

}  // namespace minima::cli
