#include "study/file/recorded_training.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

#include "core/error.h"
#include "core/text.h"
#include "study/options/options.h"

namespace minima::study {
namespace {

constexpr const char* kSeed = "seed";

struct Setting {
  std::string key;
  std::string value;
};

/// "key=value"; empty for another text.
std::optional<Setting> setting_in(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) return std::nullopt;
  return Setting{text.substr(0, equals), text.substr(equals + 1)};
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
  for (const std::string& word : split(value.substr(open + 1, value.size() - open - 2), ',')) {
    if (const auto own = setting_in(word)) {
      table += fmt::format(", {} = {}", checked(own->key), scalar(own->value));
    }
  }
  return table + " }";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> recorded_options(const std::string& training) {
  std::vector<std::pair<std::string, std::string>> options;
  for (const std::string& word : split(training, ' ')) {
    const auto setting = setting_in(word);
    if (!setting || setting->key == kSeed) continue;
    options.emplace_back(checked(setting->key), toml_of(setting->value));
  }
  return options;
}

std::vector<Override> overrides_as_recorded(const std::string& training) {
  std::vector<Override> overrides;
  for (const std::string& word : split(training, ' ')) {
    const auto setting = setting_in(word);
    if (setting && setting->key == kSeed) overrides.push_back({"study.seed", setting->value});
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
