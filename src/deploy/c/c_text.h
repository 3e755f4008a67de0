// Helpers for generating C source text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace minima::deploy {

/// `text` as a C identifier in lower case: "mnist-small" to "mnist_small", "3d" to "net_3d".
[[nodiscard]] std::string c_identifier(std::string_view text);

/// A block comment of these lines; any comment end inside them is broken up.
[[nodiscard]] std::string c_comment(std::span<const std::string> lines);

/// A quoted string literal in printable ASCII.
[[nodiscard]] std::string c_string(std::string_view text);

/// Collects the constant arrays of a source file and their size in bytes.
class CArrays {
 public:
  /// `attribute`: a word after the name of each array, such as IN_FLASH.
  explicit CArrays(std::string prefix, std::string attribute = "")
      : prefix_(std::move(prefix)), attribute_(std::move(attribute)) {}

  /// Adds `static const TYPE NAME[] = {...};` and returns the name with the prefix. C has no empty
  /// arrays, so without values the array holds one zero.
  template <typename T>
  std::string add(const std::string& type, int element_bytes, const std::string& name,
                  const std::vector<T>& values) {
    return add_wide(type, element_bytes, name,
                    std::vector<std::int64_t>(values.begin(), values.end()));
  }

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  std::string add_wide(const std::string& type, int element_bytes, const std::string& name,
                       std::vector<std::int64_t> values);

  std::string prefix_;
  std::string attribute_;
  std::string text_;
  std::size_t bytes_ = 0;
};

/// Indents every non-empty line by `levels` times two spaces.
[[nodiscard]] std::string indented(std::string_view text, int levels = 1);

}  // namespace minima::deploy
