// Threads that share a queue.
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

namespace minima {

/// Calls work(i, stop) for i = 0..count-1, in this order, on at most `jobs` threads, until `outer`
/// asks for a stop; `stop` passes that on to what is under way. An exception stops the other
/// threads, and the first one is thrown when all have ended. Where the system allows fewer threads,
/// these do the work; std::system_error where it allows none.
void share_work(std::size_t jobs, std::size_t count, const std::stop_token& outer,
                const std::function<void(std::size_t, std::stop_token)>& work);

/// Calls work(i) for i = 0..count-1, in any order, on at most `jobs` threads; on this thread where
/// `jobs` or `count` is 1. The work must not fail.
void for_each_in_parallel(std::size_t jobs, std::size_t count,
                          const std::function<void(std::size_t)>& work);

}  // namespace minima
