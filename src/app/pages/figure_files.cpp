#include "app/pages/figure_files.h"

#include <fmt/format.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "app/console.h"
#include "core/error.h"
#include "core/files/file.h"
#include "core/files/unfinished.h"
#include "record/analysis.h"
#include "report/csv.h"
#include "report/figures/figure.h"
#include "report/page/assets.h"

namespace minima::app {
namespace {

namespace fs = std::filesystem;

std::string csv_of(const record::Table& table) {
  std::string text = report::csv_line(table.columns);
  for (const auto& row : table.rows) text += report::csv_line(row);
  return text;
}

void write_files(const fs::path& folder, const report::Figure& figure) {
  write_file_atomically(folder / (figure.id + ".vl.json"),
                        report::document(report::standalone_spec(figure)));
  for (const auto& [name, table] : figure.data) {
    const std::string part = figure.data.size() > 1 ? "." + name : "";
    write_file_atomically(folder / (figure.id + part + ".csv"), csv_of(table));
  }
  std::error_code ignored;
  fs::remove(folder / (figure.id + ".svg"), ignored);  // an earlier drawing, now outdated
}

// ---- SVG -------------------------------------------------------------------------------------

/// A temporary folder.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (fs::temp_directory_path() / "minima-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
      throw work_error({pattern, ""}, std::string("cannot be created: ") + std::strerror(errno),
                       "set TMPDIR to a folder that is writable");
    }
    path_ = pattern;
    unfinished_.emplace(path_, [] {});
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
  std::optional<Unfinished> unfinished_;
};

/// Restores default handling of the signals that this program blocks or ignores, for a child
/// process.
class DefaultSignals {
 public:
  DefaultSignals() {
    ::posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t ignored;
    sigemptyset(&none);
    sigemptyset(&ignored);
    sigaddset(&ignored, SIGPIPE);
    sigaddset(&ignored, SIGXFSZ);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &ignored);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~DefaultSignals() { ::posix_spawnattr_destroy(&attributes_); }
  DefaultSignals(const DefaultSignals&) = delete;
  DefaultSignals& operator=(const DefaultSignals&) = delete;

  [[nodiscard]] const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

/// Exit status of the command; empty if $PATH has no such program.
std::optional<int> status_of(std::vector<std::string> command) {
  std::vector<char*> arguments;
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const DefaultSignals signals;
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, arguments[0], nullptr, signals.attributes(),
                                    arguments.data(), environ);
  if (failed == ENOENT) return std::nullopt;
  if (failed != 0) {
    throw work_error({command.front(), ""},
                     std::string("cannot be started: ") + std::strerror(failed));
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/// Draws with the page's own programs; false if Node is missing.
bool draw(const fs::path& folder, const std::vector<report::Figure>& figures) {
  const report::PageAssets assets = report::page_assets();
  const ScratchFolder programs;
  write_file_atomically(programs.path() / "vega.js", assets.vega);
  write_file_atomically(programs.path() / "vega-lite.js", assets.vega_lite);
  write_file_atomically(programs.path() / "chart.js", assets.chart);
  write_file_atomically(programs.path() / "svg.js", assets.svg);
  std::vector<std::string> command{"node", (programs.path() / "svg.js").string(),
                                   programs.path().string(), fs::absolute(folder).string()};
  for (const report::Figure& figure : figures) command.push_back(figure.id);
  const std::optional<int> status = status_of(std::move(command));
  if (!status) return false;
  if (*status != 0) {
    throw work_error({folder.string(), ""}, "node could not draw every figure",
                     "the specifications and their data were written");
  }
  return true;
}

}  // namespace

FigureFiles write_figures(const fs::path& folder, const analysis::Headline& headline,
                          const Analyses& analyses) {
  make_folder(folder);
  const auto figures = report::figures_of({.population = analyses.population,
                                           .convergence = analyses.convergence,
                                           .compression = analyses.compression,
                                           .weights = &analyses.weights,
                                           .projection = &analyses.projection,
                                           .predictions = &analyses.predictions,
                                           .headline = &headline});
  for (const report::Figure& figure : figures) write_files(folder, figure);
  if (figures.empty()) return {};
  if (!report::page_assets().can_draw()) {
    write_log("no SVG files: this program was built without Vega\n");
    return {.figures = figures.size()};
  }
  const bool drawn = draw(folder, figures);
  if (!drawn) write_log("no SVG files: node is not installed (the package nodejs)\n");
  return {.figures = figures.size(), .drawn = drawn};
}

}  // namespace minima::app
