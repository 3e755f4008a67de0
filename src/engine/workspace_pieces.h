#pragma once

#include <cstddef>

#include "core/aligned.h"

namespace minima::engine {

/// Room that a piece of `floats` floats takes in a workspace, so that the next one is aligned.
constexpr std::size_t piece_floats(std::size_t floats) {
  return round_up(floats, kAlignment / sizeof(float));
}

/// Cuts memory into consecutive aligned pieces.
class Pieces {
 public:
  explicit Pieces(float* begin) : next_(begin) {}

  float* take(std::size_t floats) {
    float* piece = next_;
    next_ += piece_floats(floats);
    return piece;
  }

 private:
  float* next_;
};

}  // namespace minima::engine
