// The shapes of the datasets used in tests.
#pragma once

#include <string>

#include "core/shape.h"

namespace minima {

inline constexpr Problem kMnist{.image = {1, 28, 28}, .classes = 10};
inline constexpr Problem kCifar{.image = {3, 32, 32}, .classes = 10};

/// Colour images for "cifar10" and "textures"; the shape of MNIST for any other dataset.
inline Problem problem_of(const std::string& dataset) {
  return dataset == "cifar10" || dataset == "textures" ? kCifar : kMnist;
}

}  // namespace minima
