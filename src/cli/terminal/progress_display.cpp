#include "cli/terminal/progress_display.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <optional>
#include <utility>

#include "app/console.h"
#include "core/text.h"
#include "report/text/style.h"

namespace minima::cli {
namespace {

using Clock = std::chrono::steady_clock;

// Rate limiter: true at most once per interval, and immediately the first time.
class Pace {
 public:
  explicit Pace(Clock::duration interval) : interval_(interval) {}

  bool is_due() {
    const auto now = Clock::now();
    if (last_ && now - *last_ < interval_) return false;
    last_ = now;
    return true;
  }

 private:
  Clock::duration interval_;
  std::optional<Clock::time_point> last_;
};

void write_once(std::string& line) {
  if (!line.empty()) app::write_log(line + "\n");
  line.clear();
}

// Shows the newest state at intervals, and the last state of each stage.
class PacedDisplay : public ProgressDisplay {
 public:
  PacedDisplay(std::string headline, Clock::duration interval)
      : headline_(std::move(headline)), pace_(interval) {}

  void on_progress(const run::Progress& progress) override { show(progress_line(progress)); }

  void on_compression(const run::CompressionProgress& progress) override {
    if (!compressing_.exchange(true)) end();
    show(progress_line(progress));
  }

  void end() override {
    const std::lock_guard lock(mutex_);
    if (last_.empty()) return;
    write(last_);
    leave();
    last_.clear();
  }

 private:
  virtual void write(const std::string& line) const = 0;
  /// Called after the last line of a stage.
  virtual void leave() const {}

  void show(std::string line) {
    const std::lock_guard lock(mutex_);
    write_once(headline_);
    last_ = std::move(line);
    if (pace_.is_due()) write(last_);
  }

  std::mutex mutex_;
  std::string headline_;
  Pace pace_;
  std::string last_;
  std::atomic<bool> compressing_ = false;
};

// One line that is overwritten repeatedly.
class LiveLine : public PacedDisplay {
 public:
  explicit LiveLine(std::string headline)
      : PacedDisplay(std::move(headline), std::chrono::milliseconds(150)) {}

 private:
  void write(const std::string& line) const override { app::write_live_line(line); }
  void leave() const override { app::write_log("\n"); }
};

// For log files: a line every ten seconds and at the end.
class PlainLines : public PacedDisplay {
 public:
  explicit PlainLines(std::string headline)
      : PacedDisplay(std::move(headline), std::chrono::seconds(10)) {}

 private:
  void write(const std::string& line) const override {
    app::write_log(
        fmt::format("{:%Y-%m-%d %H:%M:%S}  {}\n", fmt::localtime(std::time(nullptr)), line));
  }
};

}  // namespace

std::string progress_line(const run::Progress& progress) {
  std::string line = fmt::format("{}/{} runs", grouped(progress.done), grouped(progress.total));
  if (progress.seconds <= 0.0) return line;
  line += fmt::format("  {:.1f} runs/s  {:.0f} GFLOP/s", progress.runs_per_second, progress.gflops);
  if (progress.done < progress.total && std::isfinite(progress.seconds_left)) {
    line += "  ETA " + human_duration(progress.seconds_left);
  }
  if (progress.diverged > 0) line += fmt::format("  {} diverged", grouped(progress.diverged));
  if (!progress.best_architecture.empty()) {
    line += fmt::format("  best {:.1f} % {}", 100.0 * progress.best_accuracy,
                        progress.best_architecture);
  }
  return line;
}

std::string progress_line(const run::CompressionProgress& progress) {
  return fmt::format("compressing: {}/{} tasks  {} networks  elapsed {}", grouped(progress.done),
                     grouped(progress.total), grouped(progress.variants),
                     human_duration(progress.seconds));
}

std::unique_ptr<ProgressDisplay> make_progress_display(ProgressStyle style,
                                                       const std::string& headline) {
  switch (style) {
    case ProgressStyle::live:
      return std::make_unique<LiveLine>(headline);
    case ProgressStyle::plain:
      return std::make_unique<PlainLines>(headline);
    case ProgressStyle::none:
      break;
  }
  return std::make_unique<ProgressDisplay>();
}

}  // namespace minima::cli
