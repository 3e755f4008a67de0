// Handles SIGINT (Ctrl-C), SIGTERM and SIGHUP (the terminal is gone) in every phase of every
// command. While runs are trained, the first signal requests a stop, and finished work is saved.
// Everywhere else it ends the program: it prints one line, leaves no temporary file, and returns
// exit code 128 + its number. The second signal ends the program immediately.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

namespace minima::cli {

/// Handles the signals for the rest of the program, on a thread of its own. Must be called before
/// any other thread starts, because threads inherit the signal mask. A signal that was ignored when
/// the program started (nohup) stays ignored.
void take_signals();

/// Sets what the line says about the work that a signal ends.
void set_interrupt_note(const std::string& note);

/// Must be called before the error line of a failed command is written. A signal that arrives later
/// ends the program without a second line. Does not allocate memory.
void expect_end();

/// 128 + the number of the first signal received; 130 if none was received.
[[nodiscard]] int interrupt_exit_code();

/// During its lifetime, the first signal requests a stop instead. Only one may exist at a time.
class InterruptWatch {
 public:
  /// `on_first` is called on the signal thread, after the stop was requested.
  explicit InterruptWatch(std::function<void()> on_first);
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  /// Called by the signal thread.
  void stop();

 private:
  std::function<void()> on_first_;
  std::stop_source stop_;
};

}  // namespace minima::cli
