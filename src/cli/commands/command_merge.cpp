// minima merge: merges stores of one study, such as shards, into one.
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "analysis/population/status.h"
#include "app/analyses/analyses.h"
#include "app/analyses/analysis_memory.h"
#include "app/console.h"
#include "cli/arguments/arguments.h"
#include "cli/commands/commands.h"
#include "core/text.h"
#include "store/store.h"
#include "store/upkeep/merge.h"

namespace minima::cli {
namespace {

struct MergeArguments {
  std::string out;
  std::vector<std::string> stores;
  ResourceArguments resources;
};

/// A merged store that is too large to analyze here is kept anyway.
void analyze_if_it_fits(const std::string& store, const app::Resources& resources) {
  const std::string problem =
      app::too_large_to_analyse(*store::open_reader(store), resources.memory_limit);
  if (problem.empty()) {
    static_cast<void>(app::analyze_store(store, {.resources = resources}));
  } else {
    app::write_log(fmt::format("not analysed: {}; run minima analyze {} --memory SIZE\n", problem,
                               shell_word(store)));
  }
}

void merge(const MergeArguments& arguments) {
  const app::Resources resources = arguments.resources.parsed();
  const std::vector<std::filesystem::path> stores(arguments.stores.begin(), arguments.stores.end());
  store::merge(arguments.out, stores,
               [](const std::string& sentence) { app::write_log(sentence + "\n"); });
  analyze_if_it_fits(arguments.out, resources);
  const analysis::Counts runs = analysis::status_of(*store::open_reader(arguments.out)).runs;
  app::write_log(grouped(runs.finished + runs.diverged) + " of " + grouped(runs.planned) +
                 " runs are in " + arguments.out + "; `minima report " + shell_word(arguments.out) +
                 "` shows the results\n");
}

}  // namespace

void add_merge(CLI::App& program) {
  auto arguments = std::make_shared<MergeArguments>();
  CLI::App* command = program.add_subcommand("merge", "Merge stores of one study into one store");
  command->add_option("OUT", arguments->out, "store to create or to add to")
      ->required()
      ->type_name("");
  command->add_option("STORES", arguments->stores, "stores to copy runs from")
      ->required()
      ->type_name("");
  arguments->resources.add_to(*command);
  command->footer(
      "Examples:\n"
      "  minima merge whole.minima part-1.minima part-2.minima");
  command->callback([arguments] { merge(*arguments); });
}

}  // namespace minima::cli
