#include "study/options/option.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/text.h"

namespace minima::study {
namespace {

// Longer names are not treated as misspellings, because comparing them would only cost time.
constexpr std::size_t kLongestName = 60;

std::string suggest(const std::string& word, const std::vector<std::string>& valid) {
  return suggestion(word.substr(0, kLongestName), valid);
}

Error out_of_range(const std::string& key, const Value& value, const std::string& shown,
                   const std::string& range) {
  return input_error(value.place(), fmt::format("{} = {} is out of range", key, shown),
                     fmt::format("write a number {}", range));
}

}  // namespace

std::string WholeRange::text() const {
  return fmt::format("from {} to {}", grouped(min), grouped(max));
}

std::int64_t read_whole(const std::string& key, const Value& value, const WholeRange& range) {
  const auto* integer = value.as<std::int64_t>();
  if (integer == nullptr) throw wrong_type(key, value, "an integer " + range.text());
  if (*integer < range.min || *integer > range.max) {
    throw out_of_range(key, value, fmt::format("{}", *integer), range.text());
  }
  return *integer;
}

double read_number(const std::string& key, const Value& value, const NumberRange& range) {
  const auto* integer = value.as<std::int64_t>();
  const auto* real = value.as<double>();
  if (integer == nullptr && real == nullptr) {
    throw wrong_type(key, value, "a number " + range.text());
  }
  const double number = integer != nullptr ? static_cast<double>(*integer) : *real;
  if (!range.contains(number)) throw out_of_range(key, value, shortest(number), range.text());
  return number;
}

std::vector<int> read_whole_list(const std::string& key, const Value& value,
                                 const WholeRange& range) {
  const auto* list = value.as<Value::List>();
  if (list == nullptr && value.as<std::int64_t>() == nullptr) {
    throw wrong_type(key, value, "a list of integers " + range.text());
  }
  if (list == nullptr) return {static_cast<int>(read_whole(key, value, range))};
  if (list->empty()) {
    throw input_error(value.place(), fmt::format("{} is empty", key),
                      fmt::format("write at least one integer {}", range.text()));
  }
  std::vector<int> numbers;
  for (const Value& item : *list) numbers.push_back(static_cast<int>(read_whole(key, item, range)));
  return numbers;
}

const std::string& read_text(const std::string& key, const Value& value,
                             const std::string& wanted) {
  const auto* text = value.as<std::string>();
  if (text == nullptr) throw wrong_type(key, value, wanted);
  return *text;
}

Error wrong_type(const std::string& key, const Value& value, const std::string& wanted) {
  return input_error(value.place(), fmt::format("{} is {}", key, value.describe()),
                     fmt::format("write {}", wanted));
}

Error unknown_key(const Entry& entry, const std::string& where,
                  const std::vector<std::string>& valid) {
  return input_error(entry.source.place(),
                     fmt::format("unknown key \"{}\" in {}", printable(entry.key, 60), where),
                     valid.empty() ? "the only key allowed is name" : suggest(entry.key, valid));
}

Error missing_key(const Value& table, const std::string& where, const OptionText& option) {
  return input_error(table.place(), fmt::format("{} has no {}", where, option.key),
                     fmt::format("add {} = {}", option.key, option.type));
}

Error unknown_choice(const std::string& key, const Value& value,
                     const std::vector<std::string>& valid) {
  const std::string& word = std::get<std::string>(value.data);
  return input_error(value.place(), fmt::format("{} = \"{}\" is unknown", key, printable(word, 60)),
                     suggest(word, valid));
}

std::vector<std::string> keys_of(const std::vector<OptionText>& options) {
  std::vector<std::string> keys;
  for (const OptionText& option : options) keys.push_back(option.key);
  return keys;
}

}  // namespace minima::study
