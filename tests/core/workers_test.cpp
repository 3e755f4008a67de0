#include "core/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace minima {
namespace {

TEST(Workers, DoEveryPieceOnce) {
  std::vector<std::atomic<int>> done(1000);
  share_work(4, done.size(), {}, [&](std::size_t i, const std::stop_token&) { ++done[i]; });
  for_each_in_parallel(4, done.size(), [&](std::size_t i) { ++done[i]; });
  for (const auto& count : done) EXPECT_EQ(count, 2);
}

TEST(Workers, AreAtMostAsManyAsRequested) {
  for (const std::size_t jobs : {1U, 2U, 3U}) {
    std::mutex mutex;
    std::set<std::thread::id> threads;
    for_each_in_parallel(jobs, 1000, [&](std::size_t) {
      const std::lock_guard lock(mutex);
      threads.insert(std::this_thread::get_id());
    });
    EXPECT_GE(threads.size(), 1U);
    EXPECT_LE(threads.size(), jobs);
    if (jobs == 1) {
      EXPECT_EQ(*threads.begin(), std::this_thread::get_id());
    }
  }
}

TEST(Workers, RethrowTheFirstExceptionAndStop) {
  std::atomic<int> begun = 0;
  EXPECT_THROW(share_work(2, 1'000'000, {},
                          [&](std::size_t, const std::stop_token&) {
                            ++begun;
                            throw std::runtime_error("no");
                          }),
               std::runtime_error);
  EXPECT_LE(begun, 2);
}

TEST(Workers, StopOnRequest) {
  std::stop_source stop;
  std::atomic<int> begun = 0;
  share_work(2, 1'000'000, stop.get_token(), [&](std::size_t, const std::stop_token&) {
    if (++begun == 10) stop.request_stop();
  });
  EXPECT_LT(begun, 20);
}

}  // namespace
}  // namespace minima
