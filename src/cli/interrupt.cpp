#include "cli/interrupt.h"

#include <ctime>
#include <utility>

namespace minima::cli {
namespace {

bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

constexpr timespec kPoll{.tv_sec = 0, .tv_nsec = 50'000'000};

}  // namespace

InterruptWatch::InterruptWatch(std::function<void()> on_first) : on_first_(std::move(on_first)) {
  sigemptyset(&signals_);
  for (const int signal : {SIGINT, SIGTERM}) {
    if (!is_ignored(signal)) sigaddset(&signals_, signal);
  }
  pthread_sigmask(SIG_BLOCK, &signals_, &mask_before_);
  thread_ = std::jthread([this](const std::stop_token& end) { watch(end); });
}

InterruptWatch::~InterruptWatch() {
  thread_.request_stop();
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

void InterruptWatch::watch(const std::stop_token& end) {
  while (!end.stop_requested()) {
    if (sigtimedwait(&signals_, nullptr, &kPoll) < 0) continue;
    stop_.request_stop();
    on_first_();
    // From here on the signals do what they do by default: this thread is the one to take them.
    pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
    while (!end.stop_requested()) nanosleep(&kPoll, nullptr);
  }
}

}  // namespace minima::cli
