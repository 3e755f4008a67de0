// Progress of a study, as numbers. Another module displays them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "record/run_result.h"
#include "study/run.h"

namespace minima::run {

struct Progress {
  std::int64_t done = 0;          ///< recorded runs, earlier sessions included
  std::int64_t total = 0;         ///< runs in the plan
  std::int64_t diverged = 0;      ///< diverged runs of this session
  double seconds = 0.0;           ///< since this session began to train
  double runs_per_second = 0.0;   ///< in this session
  double gflops = 0.0;            ///< in this session, training and evaluation
  double seconds_left = 0.0;      ///< estimate; infinite until the first progress
  double best_accuracy = 0.0;     ///< on test images, among this session's runs
  std::string best_architecture;  ///< empty until the first run ends
};

/// Progress of pruning and quantization, which follow the training.
struct CompressionProgress {
  std::int64_t done = 0;      ///< recorded items, earlier sessions included
  std::int64_t total = 0;     ///< items: one protocol on one run
  std::int64_t variants = 0;  ///< networks evaluated by this session
  double seconds = 0.0;       ///< since this session began to compress
};

/// Called by the training threads, one call at a time; must return quickly.
class ProgressObserver {
 public:
  virtual ~ProgressObserver() = default;
  virtual void on_progress(const Progress& /*progress*/) {}
  virtual void on_compression(const CompressionProgress& /*progress*/) {}
};

/// Sums up the reports of one session's runs.
class ProgressMeter {
 public:
  /// Cost of a run: its FLOP, and its expected time in any unit. The time left is the expected time
  /// of the missing runs at the pace of this session. FLOP alone would underestimate many small
  /// networks at the end.
  struct Work {
    double flop = 0.0;
    double time = 0.0;
    int epochs = 1;
    std::string architecture;
  };
  ProgressMeter(std::vector<Work> missing, std::int64_t recorded_before);

  void epoch_done(std::size_t run);
  void run_done(std::size_t run, const record::RunResult& result);
  [[nodiscard]] Progress at(double seconds) const;

 private:
  std::vector<Work> work_;
  std::vector<int> epochs_done_;
  std::int64_t recorded_before_;
  std::int64_t recorded_ = 0;
  std::int64_t diverged_ = 0;
  double flop_done_ = 0.0;
  double time_done_ = 0.0;
  double time_total_ = 0.0;
  double best_accuracy_ = 0.0;
  std::string best_architecture_;
};

}  // namespace minima::run
