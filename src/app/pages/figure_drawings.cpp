// The page's own programs draw in Node, which starts rsvg-convert. One process draws several
// figures, because Node takes a while to load Vega. Everything is made in a temporary folder, and
// complete files are moved from there.
#include "app/pages/figure_drawings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>

#include "app/console.h"
#include "app/pages/child_process.h"
#include "core/error.h"
#include "core/files/file.h"
#include "core/files/scratch_folder.h"
#include "core/workers.h"
#include "report/page/assets.h"

namespace minima::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostProcesses = 8;  // each takes up to 200 MB
constexpr std::size_t kMostFigures = 12;   // of one process

/// The line of progress on a terminal.
class DrawingDisplay {
 public:
  explicit DrawingDisplay(std::size_t total) : total_(total), is_shown_(is_terminal(stderr)) {
    add(0);
  }
  ~DrawingDisplay() {
    if (is_shown_) write_live_line("");
  }
  DrawingDisplay(const DrawingDisplay&) = delete;
  DrawingDisplay& operator=(const DrawingDisplay&) = delete;

  void add(std::size_t done) {
    if (!is_shown_) return;
    const std::lock_guard lock(mutex_);
    done_ += done;
    write_live_line(fmt::format("{}/{} figures drawn", done_, total_));
  }

 private:
  std::mutex mutex_;
  std::size_t done_ = 0;
  std::size_t total_;
  bool is_shown_;
};

void write_programs(const fs::path& folder) {
  const report::PageAssets assets = report::page_assets();
  write_file_atomically(folder / "vega.js", assets.vega);
  write_file_atomically(folder / "vega-lite.js", assets.vega_lite);
  write_file_atomically(folder / "chart.js", assets.chart);
  write_file_atomically(folder / "svg.js", assets.svg);
}

/// Moves finished drawings out of the temporary folder; true if there were PDF files.
bool deliver(const fs::path& scratch, const fs::path& folder, std::span<const std::string> ids) {
  bool has_pdf = false;
  for (const char* width : kDrawingFolders) {
    for (const std::string& id : ids) {
      for (const char* kind : {".svg", ".pdf"}) {
        const fs::path name = fs::path(width) / (id + kind);
        std::error_code error;
        if (!fs::exists(scratch / name, error)) continue;
        write_file_atomically(folder / name, read_file(scratch / name));
        has_pdf = has_pdf || std::string_view(kind) == ".pdf";
      }
    }
  }
  return has_pdf;
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

/// Shared by the threads that draw.
struct Progress {
  explicit Progress(std::size_t figures) : display(figures) {}

  DrawingDisplay display;
  std::atomic<bool> has_node = true;
  std::atomic<bool> has_pdf = false;
  std::mutex mutex;
  std::string error;  ///< the first
};

void draw_some(const fs::path& scratch, const fs::path& folder, std::span<const std::string> ids,
               Progress& progress) {
  const fs::path errors = scratch / (ids.front() + ".errors");
  std::vector<std::string> command{"node", (scratch / "svg.js").string(), scratch.string(),
                                   fs::absolute(folder).string(), scratch.string()};
  command.insert(command.end(), kDrawingFolders.begin(), kDrawingFolders.end());
  command.insert(command.end(), ids.begin(), ids.end());
  const std::optional<int> status = exit_status_of(std::move(command), errors);
  if (!status) {
    progress.has_node = false;
    return;
  }
  if (deliver(scratch, folder, ids)) progress.has_pdf = true;
  progress.display.add(ids.size());
  if (*status == 0) return;
  const std::lock_guard lock(progress.mutex);
  if (progress.error.empty()) progress.error = first_line(read_file(errors));
}

void draw_all(const fs::path& folder, const std::vector<std::string>& ids, std::size_t jobs,
              Progress& progress) {
  const ScratchFolder scratch("minima-figures");
  write_programs(scratch.path());
  for (const char* width : kDrawingFolders) {
    make_folder(scratch.path() / width);
    make_folder(folder / width);
  }
  jobs = std::clamp<std::size_t>(jobs, 1, kMostProcesses);
  const std::size_t most = std::min((ids.size() + jobs - 1) / jobs, kMostFigures);
  for_each_in_parallel(jobs, (ids.size() + most - 1) / most, [&](std::size_t i) {
    const auto rest = std::span(ids).subspan(i * most);
    draw_some(scratch.path(), folder, rest.first(std::min(most, rest.size())), progress);
  });
}

}  // namespace

Drawings draw_figures(const fs::path& folder, const std::vector<std::string>& ids,
                      std::size_t jobs) {
  if (ids.empty()) return Drawings::none;
  if (!report::page_assets().can_draw()) {
    write_log("no SVG and PDF files: this program was built without Vega\n");
    return Drawings::none;
  }
  std::optional<Progress> progress(ids.size());
  draw_all(folder, ids, jobs, *progress);
  const bool has_node = progress->has_node;
  const bool has_pdf = progress->has_pdf;
  const std::string error = progress->error;
  progress.reset();  // clears the line of progress
  if (!has_node) {
    std::error_code ignored;
    for (const char* width : kDrawingFolders) fs::remove(folder / width, ignored);  // if empty
    write_log("no SVG and PDF files: node is not installed (the package nodejs)\n");
    return Drawings::none;
  }
  if (!error.empty()) {
    throw work_error({folder.string(), ""}, "not every figure could be drawn: " + error,
                     "the specifications and their data were written");
  }
  if (has_pdf) return Drawings::svg_and_pdf;
  write_log(
      "no PDF files, and text in SVG files needs the reader's fonts: rsvg-convert is not installed "
      "(the package librsvg2-bin)\n");
  return Drawings::svg;
}

}  // namespace minima::app
