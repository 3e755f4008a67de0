#pragma once

#include <cstddef>

#include "core/aligned.h"

namespace minima::engine {

/// Floats that a piece of `floats` floats occupies in a workspace, so that the next piece is
/// aligned.
constexpr std::size_t piece_floats(std::size_t floats) {
  return round_up(floats, kAlignment / sizeof(float));
}

/// Cuts memory into consecutive aligned pieces. With a null pointer it only adds up their sizes.
class Pieces {
 public:
  explicit Pieces(float* begin) : begin_(begin) {}

  float* take(std::size_t floats) {
    float* piece = begin_ == nullptr ? nullptr : begin_ + floats_;
    floats_ += piece_floats(floats);
    return piece;
  }
  /// Total of all pieces so far.
  [[nodiscard]] std::size_t floats() const { return floats_; }

 private:
  float* begin_;
  std::size_t floats_ = 0;
};

}  // namespace minima::engine
