// Ctrl-C (and SIGTERM) while runs are trained: the first asks for a stop, the second ends the
// program at once.
#pragma once

#include <csignal>
#include <functional>
#include <stop_token>
#include <thread>

namespace minima::cli {

/// Must be created before the threads that train: they inherit its signal mask. A signal that was
/// ignored when the program started (nohup) stays ignored.
class InterruptWatch {
 public:
  /// `on_first` is called on the watch's thread when the first signal came, after the stop was
  /// asked for.
  explicit InterruptWatch(std::function<void()> on_first);
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

 private:
  void watch(const std::stop_token& end);

  std::function<void()> on_first_;
  std::stop_source stop_;
  sigset_t signals_;
  sigset_t mask_before_;
  std::jthread thread_;
};

}  // namespace minima::cli
