#include "run/setup/progress.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "record/run_result.h"

namespace minima::run {

ProgressMeter::ProgressMeter(std::vector<Work> missing, std::int64_t recorded_before)
    : work_(std::move(missing)), epochs_done_(work_.size()), recorded_before_(recorded_before) {
  for (const Work& work : work_) time_total_ += work.time;
}

void ProgressMeter::epoch_done(std::size_t run) {
  const Work& work = work_[run];
  if (epochs_done_[run] >= work.epochs) return;
  ++epochs_done_[run];
  flop_done_ += work.flop / work.epochs;
  time_done_ += work.time / work.epochs;
}

void ProgressMeter::run_done(std::size_t run, const record::RunResult& result) {
  const Work& work = work_[run];
  // The remaining epochs of a diverged run need no more time, but no FLOP were spent on them.
  time_done_ += work.time * (work.epochs - epochs_done_[run]) / work.epochs;
  epochs_done_[run] = work.epochs;
  ++recorded_;
  if (result.status == record::RunStatus::diverged) {
    ++diverged_;
  } else if (best_architecture_.empty() || result.test_accuracy > best_accuracy_) {
    best_accuracy_ = result.test_accuracy;
    best_architecture_ = work.architecture;
  }
}

Progress ProgressMeter::at(double seconds) const {
  const double time_left = std::max(0.0, time_total_ - time_done_);
  const bool is_moving = time_done_ > 0.0 && seconds > 0.0;
  return {.done = recorded_before_ + recorded_,
          .total = recorded_before_ + static_cast<std::int64_t>(work_.size()),
          .diverged = diverged_,
          .seconds = seconds,
          .runs_per_second = seconds > 0.0 ? static_cast<double>(recorded_) / seconds : 0.0,
          .gflops = seconds > 0.0 ? flop_done_ / seconds * 1e-9 : 0.0,
          .seconds_left = is_moving ? seconds * time_left / time_done_
                                    : std::numeric_limits<double>::infinity(),
          .best_accuracy = best_accuracy_,
          .best_architecture = best_architecture_};
}

}  // namespace minima::run
