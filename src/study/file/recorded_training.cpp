#include "study/file/recorded_training.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "core/error.h"
#include "core/text.h"
#include "study/options/options.h"

namespace minima::study {
namespace {

constexpr const char* kSeed = "seed";

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs pairs_in(const std::string& text, char separator) {
  Pairs pairs;
  for (const std::string& word : split(text, separator)) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) continue;
    pairs.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  return pairs;
}

/// Refuses a word of a damaged store, which is not what minima prints.
const std::string& checked(const std::string& word) {
  const bool is_plain = !word.empty() && std::ranges::all_of(word, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("_.+-").find(c) != std::string_view::npos;
  });
  if (is_plain) return word;
  throw input_error({"the store's training options", ""},
                    fmt::format("\"{}\" is not a word of an option", printable(word, 60)));
}

/// A number as it is, a word in quotes.
std::string scalar(const std::string& value) {
  checked(value);
  const bool is_number = value.find_first_not_of("0123456789.+-e") == std::string::npos;
  return is_number ? value : fmt::format("\"{}\"", value);
}

/// "sgd(momentum=0.9,weight_decay=1)" as { name = "sgd", momentum = 0.9, weight_decay = 1 }.
std::string toml_of(const std::string& value) {
  const std::size_t open = value.find('(');
  if (open == std::string::npos || !value.ends_with(')')) return scalar(value);
  std::string table = "{ name = " + scalar(value.substr(0, open));
  for (const auto& [key, own] : pairs_in(value.substr(open + 1, value.size() - open - 2), ',')) {
    table += fmt::format(", {} = {}", checked(key), scalar(own));
  }
  return table + " }";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> printed_values(const std::string& text) {
  return pairs_in(text, ' ');
}

std::vector<std::pair<std::string, std::string>> recorded_options(const std::string& training) {
  Pairs options;
  for (const auto& [key, value] : printed_values(training)) {
    if (key != kSeed) options.emplace_back(checked(key), toml_of(value));
  }
  return options;
}

std::vector<Override> overrides_as_recorded(const std::string& training) {
  std::vector<Override> overrides;
  for (const auto& [key, value] : printed_values(training)) {
    if (key == kSeed) overrides.push_back({"study.seed", value});
  }
  const auto recorded = recorded_options(training);
  static const TrainSettings kDefaults;
  for (const auto& option : train_options().all()) {
    const auto known =
        std::ranges::find(recorded, option.text.key, [](const auto& each) { return each.first; });
    overrides.push_back(
        {fmt::format("train.{}", option.text.key),
         known == recorded.end() ? toml_of(option.print(kDefaults)) : known->second});
  }
  return overrides;
}

}  // namespace minima::study
