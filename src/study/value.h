// What a study file says, before it is understood: TOML values that know their place in the file.
// toml++ is named in value.cpp and next_study.cpp only.
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

/// A place in a text; a shared name keeps a value small.
struct Source {
  std::shared_ptr<const std::string> file;
  std::uint32_t line = 0;  ///< from 1; 0 where lines mean nothing (--set)
  std::uint32_t column = 0;

  [[nodiscard]] Place place() const;
};

struct Entry;

struct Value {
  /// A date or a time, which no option takes.
  struct Time {};
  using List = std::vector<Value>;
  using Table = std::vector<Entry>;  ///< in the order of the text

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
  /// What it is, for messages: "the text \"abc\"", "the number 0.5", "a list".
  [[nodiscard]] std::string describe() const;
  /// The entry of a table, or nothing.
  [[nodiscard]] const Value* find(std::string_view key) const;
};

struct Entry {
  std::string key;
  Source source;  ///< of the key
  Value value;
};

/// A TOML text as a table. Input errors: not TOML, keys given twice, nested or dotted beyond
/// reason.
[[nodiscard]] Value read_toml(std::string_view text, const std::string& file);

/// One TOML value, or the text itself where it is no TOML value ("adam"); its place is `file`
/// alone.
[[nodiscard]] Value read_toml_value(const std::string& text, const std::string& file);

}  // namespace minima::study
