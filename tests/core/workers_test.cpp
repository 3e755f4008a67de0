#include "core/workers.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <system_error>
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

/// Lets no thread start during its lifetime: none gets the stack that it asks for.
class NoThreads {
 public:
  NoThreads() {
    pthread_getattr_default_np(&usual_);
    pthread_attr_t huge;
    pthread_attr_init(&huge);
    pthread_attr_setstacksize(&huge, std::size_t{1} << 46);
    pthread_setattr_default_np(&huge);
    pthread_attr_destroy(&huge);
  }
  ~NoThreads() {
    pthread_setattr_default_np(&usual_);
    pthread_attr_destroy(&usual_);
  }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;

 private:
  pthread_attr_t usual_{};
};

TEST(Workers, AreTheCallingThreadWhereNoOtherCanStart) {
  const NoThreads none;
  EXPECT_THROW(std::thread([] {}).join(), std::system_error);
  std::set<std::thread::id> threads;
  int done = 0;
  share_work(4, 10, {}, [&](std::size_t, const std::stop_token&) {
    threads.insert(std::this_thread::get_id());
    ++done;
  });
  EXPECT_EQ(done, 10);
  EXPECT_EQ(threads, std::set{std::this_thread::get_id()});
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
