#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "engine/layers/layer.h"

namespace minima::engine {

/// Collects the pieces of a gradient in one array, which grows as needed.
struct GradientRecorder final : GradientSink {
  explicit GradientRecorder(std::size_t floats = 0) : gradient(floats, 0.0F) {}
  void accept(std::size_t, std::size_t offset, std::span<const float> piece) override {
    gradient.resize(std::max(gradient.size(), offset + piece.size()));
    std::copy(piece.begin(), piece.end(), gradient.begin() + static_cast<std::ptrdiff_t>(offset));
    ++pieces;
  }

  std::vector<float> gradient;
  int pieces = 0;
};

}  // namespace minima::engine
