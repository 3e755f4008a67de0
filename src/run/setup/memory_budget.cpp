#include "run/setup/memory_budget.h"

#include <utility>

namespace minima::run {

MemoryBudget::Share MemoryBudget::take(std::uint64_t bytes, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  const auto fits = [&] { return bytes_ == 0 || taken_ == 0 || taken_ + bytes <= bytes_; };
  freed_.wait(lock, std::move(stop), fits);
  taken_ += bytes;
  return {*this, bytes};
}

void MemoryBudget::give_back(std::uint64_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    taken_ -= bytes;
  }
  freed_.notify_all();
}

}  // namespace minima::run
