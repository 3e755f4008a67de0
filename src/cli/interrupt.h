// SIGINT (Ctrl-C), SIGTERM and SIGHUP (the terminal is gone) in every phase of every command. While
// runs are trained, the first asks for a stop, and what is finished is saved. Everywhere else it
// ends the program: one line, no temporary file left, exit code 128 + its number. The second ends
// the program at once.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

namespace minima::cli {

/// Takes the signals for the rest of the program, on a thread of its own. Must be called before any
/// other thread starts: they inherit the signal mask. A signal that was ignored when the program
/// started (nohup) stays ignored.
void take_signals();

/// What the line says from now on about the work that a signal ends.
void set_interrupt_note(const std::string& note);

/// 128 + the number of the first signal that came; 130 where none came.
[[nodiscard]] int interrupt_exit_code();

/// While it lives, the first signal asks for a stop instead. One at a time.
class InterruptWatch {
 public:
  /// `on_first` is called on the thread that takes signals, after the stop was asked for.
  explicit InterruptWatch(std::function<void()> on_first);
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  /// For the thread that takes signals.
  void stop();

 private:
  std::function<void()> on_first_;
  std::stop_source stop_;
};

}  // namespace minima::cli
