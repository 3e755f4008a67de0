#include "core/files/unfinished.h"

#include <chrono>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

namespace minima {
namespace {

struct Register {
  std::mutex mutex;
  std::multiset<std::filesystem::path> paths;
};

// Never destroyed, because a signal may arrive while the program exits.
Register& unfinished() {
  static auto* all = new Register;
  return *all;
}

/// Instead of a timed mutex, whose wait on the steady clock ThreadSanitizer 14 does not see.
bool is_locked_within_a_second(std::mutex& mutex) {
  constexpr auto kPause = std::chrono::milliseconds(5);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  while (!mutex.try_lock()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(kPause);
  }
  return true;
}

}  // namespace

Unfinished::Unfinished(std::filesystem::path path, const std::function<void()>& create)
    : path_(std::move(path)) {
  const std::lock_guard lock(unfinished().mutex);
  const auto at = unfinished().paths.insert(path_);
  try {
    create();
  } catch (...) {
    unfinished().paths.erase(at);
    throw;
  }
}

Unfinished::~Unfinished() {
  const std::lock_guard lock(unfinished().mutex);
  unfinished().paths.erase(unfinished().paths.find(path_));
}

void remove_unfinished() {
  if (!is_locked_within_a_second(unfinished().mutex)) return;
  std::error_code ignored;
  for (const auto& path : unfinished().paths) std::filesystem::remove_all(path, ignored);
  // The mutex stays locked: other threads that begin or finish a file wait until the program ends.
}

}  // namespace minima
