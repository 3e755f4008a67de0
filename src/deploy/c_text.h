// Pieces of C source text.
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

/// A block comment of these lines; what would end it is broken up.
[[nodiscard]] std::string c_comment(std::span<const std::string> lines);

/// A string literal with its quotes, of printable ASCII only.
[[nodiscard]] std::string c_string(std::string_view text);

/// Constant arrays of a source file, and how many bytes they take.
class CArrays {
 public:
  explicit CArrays(std::string prefix) : prefix_(std::move(prefix)) {}

  /// `static const TYPE NAME[] = {...};`. C has no empty array: without values it has one zero.
  /// Returns the name, with the prefix.
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
  std::string text_;
  std::size_t bytes_ = 0;
};

/// "  " more before every line that is not empty.
[[nodiscard]] std::string indented(std::string_view text, int levels = 1);

}  // namespace minima::deploy
