#include "cli/terminal/interrupt.h"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "app/console.h"
#include "core/files/unfinished.h"

namespace minima::cli {
namespace {

using Clock = std::chrono::steady_clock;

// timeout(1) and batch systems signal both the process and its group; these two count as one.
constexpr auto kSameSignal = std::chrono::milliseconds(100);

struct Signals {
  std::mutex mutex;
  sigset_t taken{};
  bool are_taken = false;
  std::optional<int> first;
  Clock::time_point first_time;
  InterruptWatch* watch = nullptr;
  bool is_ending = false;
  std::string note = "no file is left incomplete; the same command can be run again";
};

// Never destroyed, because a signal may arrive while the program ends.
Signals& signals() {
  static auto* all = new Signals;
  return *all;
}

bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

/// Ends by the signal itself, as if it had not been handled.
[[noreturn]] void end_by(int signal) {
  remove_unfinished();
  std::signal(signal, SIG_DFL);
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, signal);
  pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
  static_cast<void>(raise(signal));
  _exit(128 + signal);
}

[[noreturn]] void end_with_a_line(int signal, const std::string& note) {
  // A second signal can then end even a write to a stopped terminal.
  for (const int each : {SIGINT, SIGTERM, SIGHUP}) {
    if (sigismember(&signals().taken, each) == 1) std::signal(each, SIG_DFL);
  }
  pthread_sigmask(SIG_UNBLOCK, &signals().taken, nullptr);
  remove_unfinished();
  app::write_log(fmt::format("minima: interrupted: {}\n", note));
  _exit(128 + signal);
}

void on_signal(int signal) {
  Signals& all = signals();
  const std::lock_guard lock(all.mutex);
  if (all.first) {
    if (Clock::now() - all.first_time >= kSameSignal) end_by(signal);
    return;
  }
  if (all.is_ending) end_by(signal);
  all.first = signal;
  all.first_time = Clock::now();
  if (all.watch == nullptr) end_with_a_line(signal, all.note);
  all.watch->stop();
}

[[noreturn]] void serve() {
  for (;;) {
    int signal = 0;
    if (sigwait(&signals().taken, &signal) == 0) on_signal(signal);
  }
}

}  // namespace

void take_signals() {
  Signals& all = signals();
  const std::lock_guard lock(all.mutex);
  if (std::exchange(all.are_taken, true)) return;
  sigemptyset(&all.taken);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (!is_ignored(signal)) sigaddset(&all.taken, signal);
  }
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &all.taken, &before);
  try {
    std::thread(serve).detach();
  } catch (const std::system_error&) {
    // Without a thread to handle them, the signals end the program by default.
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
}

void set_interrupt_note(const std::string& note) {
  const std::lock_guard lock(signals().mutex);
  signals().note = note;
}

void expect_end() {
  const std::lock_guard lock(signals().mutex);
  signals().is_ending = true;
}

int interrupt_exit_code() {
  const std::lock_guard lock(signals().mutex);
  return 128 + signals().first.value_or(SIGINT);
}

InterruptWatch::InterruptWatch(std::function<void()> on_first) : on_first_(std::move(on_first)) {
  take_signals();
  const std::lock_guard lock(signals().mutex);
  signals().watch = this;
}

InterruptWatch::~InterruptWatch() {
  const std::lock_guard lock(signals().mutex);
  signals().watch = nullptr;
}

void InterruptWatch::stop() {
  stop_.request_stop();
  on_first_();
}

}  // namespace minima::cli
