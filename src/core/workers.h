// A pool of threads that take work from one queue.
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

namespace minima {

/// Calls work(i, stop) for i = 0..count-1, started in this order, on at most `jobs` threads, until
/// `outer` requests a stop. `stop` passes this request on to running work. An exception stops the
/// other threads, and the first one is rethrown after all have ended. If the system allows fewer
/// threads, these do all the work; if it allows none, the calling thread does.
void share_work(std::size_t jobs, std::size_t count, const std::stop_token& outer,
                const std::function<void(std::size_t, std::stop_token)>& work);

/// Calls work(i) for i = 0..count-1, in any order, on at most `jobs` threads; on the calling thread
/// if `jobs` or `count` is 1. Exceptions as in share_work().
void for_each_in_parallel(std::size_t jobs, std::size_t count,
                          const std::function<void(std::size_t)>& work);

}  // namespace minima
