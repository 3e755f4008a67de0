// minima data fetch: downloads a published data set from the first mirror with a correct copy.
#include "cli/commands/command_fetch.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "app/console.h"
#include "cli/arguments/arguments.h"
#include "cli/terminal/interrupt.h"
#include "core/error.h"
#include "core/text.h"
#include "data/fetch/fetch.h"
#include "data/fetch/remote_sets.h"
#include "data/source/source.h"
#include "report/json.h"

namespace minima::cli {
namespace {

struct FetchArguments {
  std::string name;
  std::string data_dir;
  std::vector<std::string> mirrors;
  bool quiet = false;
  bool json = false;
};

// The last searched folder is the user's own cache.
std::filesystem::path destination_of(const std::string& data_dir) {
  if (!data_dir.empty()) return data_dir;
  const auto folders = data::search_path("");
  if (folders.empty()) {
    throw input_error({"--data-dir", ""}, "no home folder found to store data in", "name a folder");
  }
  return folders.back();
}

// One line on a terminal, overwritten repeatedly; nothing elsewhere.
class FetchDisplay {
 public:
  explicit FetchDisplay(bool is_shown) : is_shown_(is_shown) {}

  void show(const data::FetchProgress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (!is_shown_ || now - last_ < std::chrono::milliseconds(150)) return;
    last_ = now;
    std::string line = fmt::format("{}  {}", progress.file, human_bytes(progress.done));
    if (progress.total > 0) line += " of " + human_bytes(progress.total);
    app::write_live_line(line);
    is_dirty_ = true;
  }

  void clear() {
    if (is_dirty_) app::write_live_line("");
    is_dirty_ = false;
  }

 private:
  bool is_shown_;
  bool is_dirty_ = false;
  std::chrono::steady_clock::time_point last_{};
};

void print_json(const std::string& name, const std::vector<data::FetchedFile>& files) {
  report::Json list = report::Json::array();
  for (const auto& file : files) {
    list.push_back({{"path", file.path.string()},
                    {"url", file.url.empty() ? report::Json(nullptr) : report::Json(file.url)}});
  }
  app::write_output(report::document({{"dataset", name}, {"files", list}}));
}

void fetch(const FetchArguments& arguments) {
  FetchDisplay display(app::is_terminal(stderr) && !arguments.quiet);
  const InterruptWatch watch([] {});
  data::FetchOptions options;
  options.destination = destination_of(arguments.data_dir);
  options.mirrors = arguments.mirrors;
  options.stop = watch.token();
  options.on_progress = [&](const data::FetchProgress& progress) { display.show(progress); };
  options.on_trouble = [&](const std::string& line) {
    display.clear();
    if (!arguments.quiet) app::write_log(line + "\n");
  };
  std::vector<data::FetchedFile> files;
  try {
    files = data::fetch(arguments.name, options);
  } catch (...) {
    display.clear();
    throw;
  }
  display.clear();
  if (arguments.json) {
    print_json(arguments.name, files);
    return;
  }
  for (const auto& file : files) {
    app::write_screen(fmt::format("{}  {}\n", file.path.string(),
                                  file.url.empty() ? "already present" : "from " + file.url));
  }
}

}  // namespace

void add_fetch(CLI::App& data) {
  auto arguments = std::make_shared<FetchArguments>();
  CLI::App* command = data.add_subcommand("fetch", "Download a published dataset");
  std::vector<std::string> names;
  for (const data::RemoteSet& set : data::remote_sets()) names.push_back(set.name);
  command->add_option("NAME", arguments->name, fmt::format("{}", fmt::join(names, ", ")))
      ->required()
      ->type_name("");
  command->add_option("--data-dir", arguments->data_dir, "destination folder [~/.cache/minima]")
      ->type_name("DIR");
  command->add_option("--mirror", arguments->mirrors, "fetch from URL/NAME/FILE instead")
      ->type_name("URL")
      ->allow_extra_args(false);
  command->add_flag("--quiet", arguments->quiet, "do not show progress");
  add_json_flag(*command, arguments->json);
  command->footer(
      "The same command resumes an interrupted download. Contents are checked by\nSHA-256.\n"
      "Examples:\n"
      "  minima data fetch mnist\n"
      "  minima data fetch cifar-10 --data-dir data --mirror http://server/data");
  command->callback([arguments] { fetch(*arguments); });
}

}  // namespace minima::cli
