// A memory limit shared by the workers. A request waits until other workers have returned enough.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>

namespace minima::run {

class MemoryBudget {
 public:
  /// A limit of 0 `bytes` means unlimited.
  explicit MemoryBudget(std::uint64_t bytes) : bytes_(bytes) {}

  /// Holds its bytes until it is destroyed.
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

  /// Waits until `bytes` are free or a stop is requested. A request larger than the whole budget is
  /// granted when nobody else holds a share.
  [[nodiscard]] Share take(std::uint64_t bytes, std::stop_token stop);

 private:
  void give_back(std::uint64_t bytes);

  std::uint64_t bytes_;
  std::uint64_t taken_ = 0;
  std::mutex mutex_;
  std::condition_variable_any freed_;
};

}  // namespace minima::run
