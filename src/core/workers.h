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

/// The same on the threads of this machine, in any order, for work that does not fail and is not
/// stopped; where `count` is 1, on this thread.
void for_each_in_parallel(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace minima
