// minima status: shows the progress of a store.
#include <filesystem>
#include <memory>

#include "analysis/population/status.h"
#include "app/console.h"
#include "cli/arguments/arguments.h"
#include "cli/commands/commands.h"
#include "report/json.h"
#include "report/screens/status_text.h"
#include "store/doctor.h"
#include "store/store.h"

namespace minima::cli {
namespace {

struct StatusArguments {
  std::string store;
  bool json = false;
};

std::uint64_t bytes_below(const std::filesystem::path& directory) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    std::error_code gone;  // a writer may be active
    if (entry.is_regular_file(gone)) {
      const auto size = entry.file_size(gone);
      if (!gone) bytes += size;
    }
  }
  return bytes;
}

void status(const StatusArguments& arguments) {
  analysis::Status status = analysis::status_of(*store::open_reader(arguments.store));
  status.lost_weights = store::lost_weights(arguments.store);
  const std::uint64_t bytes = bytes_below(arguments.store);
  if (arguments.json) {
    app::write_output(report::document(report::status_json(status, arguments.store, bytes)));
  } else {
    app::write_screen(report::status_text(status, arguments.store, bytes, app::output_style()));
  }
}

}  // namespace

void add_status(CLI::App& program) {
  auto arguments = std::make_shared<StatusArguments>();
  CLI::App* command = program.add_subcommand("status", "Show the progress of a store");
  command->add_option("STORE", arguments->store, "store written by minima run")
      ->required()
      ->type_name("");
  add_json_flag(*command, arguments->json);
  command->footer(
      "It also works while minima run writes to the store.\n"
      "Examples:\n"
      "  minima status embedded.minima\n"
      "  minima status embedded.minima --json | jq .runs.missing");
  command->callback([arguments] { status(*arguments); });
}

}  // namespace minima::cli
