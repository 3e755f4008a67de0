#include "core/files/unfinished.h"

#include <chrono>
#include <mutex>
#include <set>
#include <system_error>
#include <utility>

namespace minima {
namespace {

struct Register {
  std::timed_mutex mutex;
  std::multiset<std::filesystem::path> paths;
};

// Never destroyed, because a signal may arrive while the program exits.
Register& unfinished() {
  static auto* all = new Register;
  return *all;
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
  if (!unfinished().mutex.try_lock_for(std::chrono::seconds(1))) return;
  std::error_code ignored;
  for (const auto& path : unfinished().paths) std::filesystem::remove_all(path, ignored);
  // The mutex stays locked: other threads that begin or finish a file wait until the program ends.
}

}  // namespace minima
