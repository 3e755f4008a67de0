// An option of the study file as a row of a table: its name, type and meaning, and how it is read
// into a struct and printed from it. options.cpp holds the tables. Parsing, checking, run ids and
// the manual all use them.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/enum_words.h"
#include "core/numbers/number_range.h"
#include "study/options/value.h"

namespace minima::study {

struct OptionText;

/// A named value of an option, with options of its own: "sgd" with momentum.
struct ChoiceText {
  std::string name;
  std::string meaning;
  std::vector<OptionText> options;
};

/// Documentation of an option.
struct OptionText {
  std::string key;
  std::string type;      ///< "integer from 1 to 100,000"
  std::string fallback;  ///< the default as TOML; empty: the option is required
  std::string meaning;
  std::vector<ChoiceText> choices;
};

template <typename Target>
struct Option {
  OptionText text;
  /// Throws an input error with the value's location.
  std::function<void(Target&, const Value&)> read;
  /// Canonical text of the value, without blanks; null for options that no id depends on
  /// (PrintedOptions has none of these).
  std::function<std::string(const Target&)> print;
};

template <typename Target>
using Options = std::vector<Option<Target>>;

/// Options whose values can be printed, because run ids or other texts depend on them. Throws
/// std::logic_error at construction for an option that cannot be read or printed.
template <typename Target>
class PrintedOptions {
 public:
  PrintedOptions(Options<Target> options)  // NOLINT(google-explicit-constructor)
      : all_(std::move(options)) {
    for (const auto& option : all_) {
      if (option.read && option.print) continue;
      throw std::logic_error("option " + option.text.key + " cannot be read or printed");
    }
  }

  [[nodiscard]] const Options<Target>& all() const { return all_; }

 private:
  Options<Target> all_;
};

/// The enumerator of a choice: the value itself, or its member `rule` or `kind`.
template <typename T>
auto kind_of(const T& value) {
  if constexpr (std::is_enum_v<T>) {
    return value;
  } else if constexpr (requires { value.rule; }) {
    return value.rule;
  } else {
    return value.kind;
  }
}

/// A choice and its default settings. T is an enumeration with words, or a struct with such a
/// member `kind` or `rule`.
template <typename T>
struct Choice {
  Choice(T start, std::string explanation, Options<T> own_options = {})
      : name(word_of(kind_of(start))),
        meaning(std::move(explanation)),
        value(std::move(start)),
        options(std::move(own_options)) {}

  std::string name;  ///< the word of its enumerator
  std::string meaning;
  T value;
  PrintedOptions<T> options;
};

struct WholeRange {
  std::int64_t min;
  std::int64_t max;
  [[nodiscard]] std::string text() const;
};

// Checked reading. `key` is used in messages only.

[[nodiscard]] std::int64_t read_whole(const std::string& key, const Value& value,
                                      const WholeRange& range);
[[nodiscard]] double read_number(const std::string& key, const Value& value,
                                 const NumberRange& range);
/// Reads a nonempty list, or one number alone.
[[nodiscard]] std::vector<int> read_whole_list(const std::string& key, const Value& value,
                                               const WholeRange& range);
[[nodiscard]] const std::string& read_text(const std::string& key, const Value& value,
                                           const std::string& wanted);

[[nodiscard]] Error wrong_type(const std::string& key, const Value& value,
                               const std::string& wanted);
[[nodiscard]] Error unknown_key(const Entry& entry, const std::string& where,
                                const std::vector<std::string>& valid);
[[nodiscard]] Error missing_key(const Value& table, const std::string& where,
                                const OptionText& option);
[[nodiscard]] Error unknown_choice(const std::string& key, const Value& value,
                                   const std::vector<std::string>& valid);

/// Documentation of the options of a table.
template <typename Target>
std::vector<OptionText> texts_of(const Options<Target>& options) {
  std::vector<OptionText> texts;
  for (const auto& option : options) texts.push_back(option.text);
  return texts;
}

[[nodiscard]] std::vector<std::string> keys_of(const std::vector<OptionText>& options);

/// Reads every entry of a table by its option. Input errors: unknown keys, missing options.
template <typename Target>
void read_table(Target& target, const Value& table, const Options<Target>& options,
                const std::string& where) {
  for (const Entry& entry : std::get<Value::Table>(table.data)) {
    const Option<Target>* known = nullptr;
    for (const auto& option : options) {
      if (option.text.key == entry.key) known = &option;
    }
    if (known == nullptr) throw unknown_key(entry, where, keys_of(texts_of(options)));
    known->read(target, entry.value);
  }
  for (const auto& option : options) {
    if (option.text.fallback.empty() && table.find(option.text.key) == nullptr) {
      throw missing_key(table, where, option.text);
    }
  }
}

/// "key=value" for every option that differs from `defaults`, in the order of the table.
template <typename Target>
std::string print_differences(const Target& target, const Target& defaults,
                              const PrintedOptions<Target>& options, const std::string& separator) {
  std::string text;
  for (const auto& option : options.all()) {
    const std::string value = option.print(target);
    if (value == option.print(defaults)) continue;
    text += (text.empty() ? "" : separator) + option.text.key + "=" + value;
  }
  return text;
}

}  // namespace minima::study
