#pragma once

#include <cstddef>

#include "core/aligned.h"

namespace minima::engine {

/// Cuts memory into consecutive aligned pieces. With a null pointer it only adds up their sizes:
/// a layer calls the same function to learn how much memory it needs and to lay that memory out.
class Pieces {
 public:
  explicit Pieces(float* begin) : begin_(begin) {}

  float* take(std::size_t floats) {
    float* piece = begin_ == nullptr ? nullptr : begin_ + floats_;
    floats_ += round_up(floats, kAlignment / sizeof(float));
    return piece;
  }
  /// Total of all pieces so far.
  [[nodiscard]] std::size_t floats() const { return floats_; }

 private:
  float* begin_;
  std::size_t floats_ = 0;
};

}  // namespace minima::engine
