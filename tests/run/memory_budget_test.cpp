#include "run/memory_budget.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace minima::run {
namespace {

TEST(MemoryBudget, NeverHandsOutMoreThanItHas) {
  MemoryBudget budget(100);
  std::atomic<int> held = 0;
  std::atomic<int> most = 0;
  {
    std::vector<std::jthread> workers;
    for (int worker = 0; worker < 8; ++worker) {
      workers.emplace_back([&] {
        for (int i = 0; i < 200; ++i) {
          const MemoryBudget::Share share = budget.take(40, {});
          const int now = held += 40;
          int before = most;
          while (before < now && !most.compare_exchange_weak(before, now)) {
          }
          held -= 40;
        }
      });
    }
  }
  EXPECT_LE(most, 100);
  EXPECT_GE(most, 40);
}

TEST(MemoryBudget, GivesWhatIsTooLargeToOneAtATime) {
  MemoryBudget budget(100);
  std::atomic<bool> is_done = false;
  std::jthread second;
  {
    const MemoryBudget::Share first = budget.take(1000, {});
    second = std::jthread([&] {
      const MemoryBudget::Share share = budget.take(1000, {});
      is_done = true;
    });
    EXPECT_FALSE(is_done);
  }
  second.join();
  EXPECT_TRUE(is_done);
}

TEST(MemoryBudget, AStopEndsTheWait) {
  MemoryBudget budget(100);
  const MemoryBudget::Share all = budget.take(100, {});
  std::stop_source stop;
  std::jthread waiting([&] { static_cast<void>(budget.take(1, stop.get_token())); });
  stop.request_stop();
  waiting.join();
}

TEST(MemoryBudget, NothingMeansNoLimit) {
  MemoryBudget budget(0);
  const MemoryBudget::Share one = budget.take(std::uint64_t{1} << 60, {});
  const MemoryBudget::Share two = budget.take(std::uint64_t{1} << 60, {});
}

}  // namespace
}  // namespace minima::run
