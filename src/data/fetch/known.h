// The named data sets: one table used by notation, loading and listing.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/shape.h"

namespace minima::data {

/// A named set, either read from files of a known format or generated.
struct KnownSet {
  enum class Kind { idx, cifar, cifar_100, glyphs, textures };

  std::string name;
  std::string description;  ///< one line
  Kind kind;
  Problem problem;                       ///< shape and classes that its files must have
  std::vector<std::string> class_names;  ///< empty: taken from the reader or generator
  std::vector<std::string> folders;      ///< subfolders of a searched folder, in search order

  std::string prefix = {};        ///< of the names of its IDX files: "emnist-letters"
  std::string fetched_with = {};  ///< the name that fetches it together with others; else its own

  /// The name for `minima data fetch`.
  [[nodiscard]] const std::string& fetched_as() const {
    return fetched_with.empty() ? name : fetched_with;
  }
  [[nodiscard]] bool generated() const { return kind == Kind::glyphs || kind == Kind::textures; }
};

[[nodiscard]] std::span<const KnownSet> known_sets();

/// The set with that name, or null.
[[nodiscard]] const KnownSet* find_known_set(std::string_view name);

/// "did you mean "fashion-mnist"?" if `name` is similar to the name of a set, ignoring case; else
/// empty.
[[nodiscard]] std::string known_set_suggestion(std::string_view name);

}  // namespace minima::data
