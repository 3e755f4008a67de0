// Threads that share a queue.
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

namespace minima::run {

/// Calls work(i, stop) for i = 0..count-1, in this order, on at most `jobs` threads, until `outer`
/// asks for a stop; `stop` passes that on to what is under way. An exception stops the other
/// threads, and the first one is thrown when all have ended.
void share_work(std::size_t jobs, std::size_t count, const std::stop_token& outer,
                const std::function<void(std::size_t, std::stop_token)>& work);

}  // namespace minima::run
