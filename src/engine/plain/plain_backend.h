#pragma once

#include <memory>

#include "engine/backend.h"

namespace minima::engine {

/// A deliberately plain backend: it computes each network by its definition, one network and one
/// image at a time, in double precision. The other backends are compared with it.
[[nodiscard]] std::unique_ptr<Backend> make_plain_backend();

}  // namespace minima::engine
