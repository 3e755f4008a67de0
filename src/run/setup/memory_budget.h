// A limit that workers share: who needs memory waits until others have given enough back.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>

namespace minima::run {

class MemoryBudget {
 public:
  /// `bytes` 0: no limit.
  explicit MemoryBudget(std::uint64_t bytes) : bytes_(bytes) {}

  /// Holds bytes until it is destroyed.
  class Share {
   public:
    Share(MemoryBudget& budget, std::uint64_t bytes) : budget_(&budget), bytes_(bytes) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { budget_->give_back(bytes_); }

   private:
    MemoryBudget* budget_;
    std::uint64_t bytes_;
  };

  /// Waits until `bytes` are free, or a stop is asked for. Who asks for more than the whole budget
  /// gets it when nobody else holds any.
  [[nodiscard]] Share take(std::uint64_t bytes, std::stop_token stop);

 private:
  void give_back(std::uint64_t bytes);

  std::uint64_t bytes_;
  std::uint64_t taken_ = 0;
  std::mutex mutex_;
  std::condition_variable_any freed_;
};

}  // namespace minima::run
