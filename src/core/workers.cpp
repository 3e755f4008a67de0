#include "core/workers.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace minima {
namespace {

class Queue {
 public:
  Queue(std::size_t count, const std::function<void(std::size_t, std::stop_token)>& work)
      : count_(count), work_(work) {}

  void stop() { stop_.request_stop(); }

  void take_all() {
    try {
      while (!stop_.stop_requested()) {
        const std::size_t next = next_.fetch_add(1);
        if (next >= count_) return;
        work_(next, stop_.get_token());
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      stop_.request_stop();
    }
  }

  void throw_failure() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::size_t count_;
  const std::function<void(std::size_t, std::stop_token)>& work_;
  std::atomic<std::size_t> next_{0};
  std::stop_source stop_;
  std::mutex mutex_;
  std::exception_ptr failure_;
};

}  // namespace

void share_work(std::size_t jobs, std::size_t count, const std::stop_token& outer,
                const std::function<void(std::size_t, std::stop_token)>& work) {
  Queue queue(count, work);
  {
    const std::stop_callback forward(outer, [&queue] { queue.stop(); });
    std::vector<std::jthread> workers;
    try {
      workers.reserve(std::min(jobs, count));
      while (workers.size() < std::min(jobs, count)) {
        workers.emplace_back([&queue] { queue.take_all(); });
      }
    } catch (const std::system_error&) {
      // Fewer threads than requested do the same work; without any, the calling thread does it.
      if (workers.empty()) queue.take_all();
    } catch (...) {
      queue.stop();  // otherwise the threads would finish the whole queue first
      throw;
    }
  }
  queue.throw_failure();
}

void for_each_in_parallel(std::size_t jobs, std::size_t count,
                          const std::function<void(std::size_t)>& work) {
  if (count <= 1 || jobs <= 1) {
    for (std::size_t i = 0; i < count; ++i) work(i);
    return;
  }
  share_work(jobs, count, {}, [&](std::size_t i, const std::stop_token&) { work(i); });
}

}  // namespace minima
