// Progress on standard error: one live line on a terminal, otherwise plain lines at intervals.
#pragma once

#include <memory>
#include <string>

#include "run/setup/progress.h"

namespace minima::cli {

/// "37/120 runs  12.3 runs/s  145 GFLOP/s  ETA 1 min 5 s  best 97.12 % (dnn 64-64)  2 diverged"
[[nodiscard]] std::string progress_line(const run::Progress& progress);

/// "compressing: 12/40 pieces  480 networks  35 s"
[[nodiscard]] std::string progress_line(const run::CompressionProgress& progress);

/// A progress observer; call end() before anything else is printed.
class ProgressDisplay : public run::ProgressObserver {
 public:
  /// Shows the last state and leaves the line.
  virtual void end() {}
};

enum class ProgressStyle { none, live, plain };
/// `headline` is shown before the first state.
[[nodiscard]] std::unique_ptr<ProgressDisplay> make_progress_display(ProgressStyle style,
                                                                     const std::string& headline);

}  // namespace minima::cli
