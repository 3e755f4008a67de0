// The raw content of a study file: TOML values that know their location in the file. Only value.cpp
// and next_study.cpp use toml++.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/error.h"

namespace minima::study {

/// A location in a text. The name is shared to keep values small.
struct Source {
  std::shared_ptr<const std::string> file;
  std::uint32_t line = 0;  ///< from 1; 0 if lines have no meaning (--set)
  std::uint32_t column = 0;

  [[nodiscard]] Place place() const;
};

struct Entry;

struct Value {
  /// A date or a time; no option accepts one.
  struct Time {};
  using List = std::vector<Value>;
  using Table = std::vector<Entry>;  ///< in file order

  std::variant<Table, List, std::string, std::int64_t, double, bool, Time> data;
  Source source;

  [[nodiscard]] Place place() const { return source.place(); }
  template <typename T>
  [[nodiscard]] const T* as() const {
    return std::get_if<T>(&data);
  }
  template <typename T>
  [[nodiscard]] T* as() {
    return std::get_if<T>(&data);
  }
  /// Description for messages: "the text \"abc\"", "the number 0.5", "a list".
  [[nodiscard]] std::string describe() const;
  /// The entry of a table, or null.
  [[nodiscard]] const Value* find(std::string_view key) const;
};

struct Entry {
  std::string key;
  Source source;  ///< of the key
  Value value;
};

/// Parses a TOML text as a table. Input errors: invalid TOML, duplicate keys, too much nesting, too
/// many dots in a key.
[[nodiscard]] Value read_toml(std::string_view text, const std::string& file);

/// One TOML value, or the text itself if it is not TOML ("adam"). Its location is `file` alone.
[[nodiscard]] Value read_toml_value(const std::string& text, const std::string& file);

}  // namespace minima::study
