// How far a study is, as numbers; showing them is another room's work.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "study/run.h"

namespace minima::run {

struct Progress {
  std::int64_t done = 0;          ///< runs recorded, those of earlier sessions included
  std::int64_t total = 0;         ///< runs of the plan
  std::int64_t diverged = 0;      ///< of those recorded by this session
  double seconds = 0.0;           ///< since this session began to train
  double runs_per_second = 0.0;   ///< of this session
  double gflops = 0.0;            ///< of this session, training and evaluation
  double seconds_left = 0.0;      ///< estimate; infinite before anything is known
  double best_accuracy = 0.0;     ///< on test images, of this session's runs
  std::string best_architecture;  ///< empty before the first run ends
};

/// The same of pruning and quantization, which follow the training.
struct CompressionProgress {
  std::int64_t done = 0;      ///< pieces recorded, those of earlier sessions included
  std::int64_t total = 0;     ///< pieces: a protocol on a run
  std::int64_t variants = 0;  ///< networks evaluated by this session
  double seconds = 0.0;       ///< since this session began to compress
};

/// Called by the threads that train, one call at a time; must return quickly.
class ProgressObserver {
 public:
  virtual ~ProgressObserver() = default;
  virtual void on_progress(const Progress& /*progress*/) {}
  virtual void on_compression(const CompressionProgress& /*progress*/) {}
};

/// Adds up what the runs of one session report.
class ProgressMeter {
 public:
  /// What a run takes: its FLOP, and its expected time in any unit. The time left is the expected
  /// time of what is missing at the pace of this session so far, so that many small networks left
  /// over do not count as little as their FLOP say.
  struct Work {
    double flop = 0.0;
    double time = 0.0;
    int epochs = 1;
    std::string architecture;
  };
  ProgressMeter(std::vector<Work> missing, std::int64_t recorded_before);

  void epoch_done(std::size_t run);
  void run_done(std::size_t run, const study::RunResult& result);
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
