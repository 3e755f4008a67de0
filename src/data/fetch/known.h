// The sets that have a name of their own: one table that notation, loading and listing read.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/shape.h"

namespace minima::data {

/// A set with a name: read from files of a known format, or generated.
struct KnownSet {
  enum class Kind { idx, cifar, glyphs, textures };

  std::string name;
  std::string description;  ///< one line
  Kind kind;
  Problem problem;                       ///< what its files must hold
  std::vector<std::string> class_names;  ///< empty: those that the reader or generator gives
  std::vector<std::string> folders;      ///< where it lies below a folder searched, in order

  [[nodiscard]] bool generated() const { return kind == Kind::glyphs || kind == Kind::textures; }
};

[[nodiscard]] std::span<const KnownSet> known_sets();

/// The set of that name, or null.
[[nodiscard]] const KnownSet* find_known_set(std::string_view name);

/// "did you mean "fashion-mnist"?" when `name`, in any case, is near the name of a set; else empty.
[[nodiscard]] std::string known_set_suggestion(std::string_view name);

}  // namespace minima::data
