#include "run/setup/memory_budget.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace minima::run {
namespace {

TEST(MemoryBudget, NeverGrantsMoreThanItHas) {
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

TEST(MemoryBudget, GrantsOversizedRequestsOneAtATime) {
  MemoryBudget budget(100);
  std::atomic<bool> is_done = false;
  std::jthread second;
  {
    const MemoryBudget::Share first = budget.take(1000, {});
    second = std::jthread([&] {
      const MemoryBudget::Share share = budget.take(1000, {});
      is_done = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_FALSE(is_done);
  }
  second.join();
  EXPECT_TRUE(is_done);
}

TEST(MemoryBudget, AStopEndsTheWait) {
  MemoryBudget budget(100);
  const MemoryBudget::Share all = budget.take(100, {});
  std::stop_source stop;
  std::atomic<bool> is_back = false;
  std::jthread waiting([&] {
    static_cast<void>(budget.take(1, stop.get_token()));
    is_back = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(is_back) << "nothing is free";
  stop.request_stop();
  waiting.join();
  EXPECT_TRUE(is_back);
}

TEST(MemoryBudget, ZeroMeansNoLimit) {
  MemoryBudget budget(0);
  std::atomic<int> taken = 0;
  std::stop_source stop;
  std::jthread taking([&] {
    const MemoryBudget::Share one = budget.take(std::uint64_t{1} << 60, stop.get_token());
    if (!stop.stop_requested()) ++taken;
    const MemoryBudget::Share two = budget.take(std::uint64_t{1} << 60, stop.get_token());
    if (!stop.stop_requested()) ++taken;
  });
  for (int i = 0; i < 1000 && taken < 2; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  stop.request_stop();  // ends a wait that should not happen
  taking.join();
  EXPECT_EQ(taken, 2);
}

}  // namespace
}  // namespace minima::run
