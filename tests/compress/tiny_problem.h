#pragma once

#include "core/shape.h"

namespace minima::compress {

/// Two pixels and two classes: networks small enough to work out by hand.
inline constexpr Problem kTinyProblem{{.channels = 1, .height = 1, .width = 2}, 2};

}  // namespace minima::compress
