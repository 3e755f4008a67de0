// Names of layers and tensors as protocols give them.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace minima::run {

/// Whether a tensor is one of `names`, or belongs to one of them: "block1.attention.q.weight" to
/// "block1".
[[nodiscard]] inline bool is_named(const std::string& tensor,
                                   const std::vector<std::string>& names) {
  return std::ranges::any_of(names, [&tensor](const std::string& name) {
    return tensor == name || tensor.starts_with(name + ".");
  });
}

}  // namespace minima::run
