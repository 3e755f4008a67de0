#pragma once

#include <cstddef>

#include "core/aligned.h"

namespace minima::engine {

/// Room that a piece of `floats` floats takes in a workspace, so that the next one is aligned.
constexpr std::size_t piece_floats(std::size_t floats) {
  return round_up(floats, kAlignment / sizeof(float));
}

/// Cuts memory into consecutive aligned pieces; of no memory (null) it only adds up what they take.
class Pieces {
 public:
  explicit Pieces(float* begin) : begin_(begin) {}

  float* take(std::size_t floats) {
    float* piece = begin_ == nullptr ? nullptr : begin_ + floats_;
    floats_ += piece_floats(floats);
    return piece;
  }
  /// Of all pieces so far.
  [[nodiscard]] std::size_t floats() const { return floats_; }

 private:
  float* begin_;
  std::size_t floats_ = 0;
};

}  // namespace minima::engine
