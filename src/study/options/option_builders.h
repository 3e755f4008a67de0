// Builders of options. Each binds a key to a member of a struct, with its range or choices. Only
// files with option tables include this header.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/text.h"
#include "study/options/option.h"

namespace minima::study {

/// "3", or "[3, 5]".
template <typename T, typename Print>
std::string list_text(const std::vector<T>& values, const Print& print) {
  std::string text;
  for (const T& value : values) text += (text.empty() ? "" : ", ") + print(value);
  return values.size() == 1 ? text : "[" + text + "]";
}

/// One value alone, or a nonempty list, each read by `read`.
template <typename T, typename Read>
std::vector<T> read_list(const std::string& key, const Value& value, const Read& read) {
  const auto* list = value.as<Value::List>();
  if (list == nullptr) return {read(value)};
  if (list->empty()) {
    throw input_error(value.place(), fmt::format("{} is empty", key), "write at least one value");
  }
  std::vector<T> values;
  for (const Value& item : *list) values.push_back(read(item));
  return values;
}

template <typename Target, typename Int>
Option<Target> whole_number(std::string key, Int Target::*member, WholeRange range,
                            std::string meaning, const Target& defaults = {}) {
  const auto print = [member](const Target& target) { return fmt::format("{}", target.*member); };
  return {
      .text = OptionText{key, "integer " + range.text(), print(defaults), std::move(meaning), {}},
      .read =
          [=](Target& target, const Value& value) {
            target.*member = static_cast<Int>(read_whole(key, value, range));
          },
      .print = print};
}

template <typename Target>
Option<Target> number(std::string key, double Target::*member, NumberRange range,
                      std::string meaning, const Target& defaults = {}) {
  const auto print = [member](const Target& target) { return shortest(target.*member); };
  return {
      .text = OptionText{key, "number " + range.text(), print(defaults), std::move(meaning), {}},
      .read = [=](Target& target,
                  const Value& value) { target.*member = read_number(key, value, range); },
      .print = print};
}

/// A required option.
template <typename Target>
Option<Target> whole_list(const std::string& key, std::vector<int> Target::*member,
                          WholeRange range, std::string meaning) {
  return {
      .text =
          OptionText{
              key, "integer " + range.text() + ", or a list of them", "", std::move(meaning), {}},
      .read = [=](Target& target,
                  const Value& value) { target.*member = read_whole_list(key, value, range); },
      .print = nullptr};
}

/// An option with the defaults of Target{}, such as `3`, or `[3, 5]` for several values.
template <typename Target>
Option<Target> whole_list_or(const std::string& key, std::vector<int> Target::*member,
                             WholeRange range, std::string meaning) {
  Option<Target> option = whole_list<Target>(key, member, range, std::move(meaning));
  option.text.fallback =
      list_text(Target{}.*member, [](int number) { return fmt::format("{}", number); });
  return option;
}

/// A key that was evaluated before the table is read: the kind of design, or the choice.
template <typename Target>
Option<Target> already_read(std::string key, std::string type, std::string fallback,
                            std::string meaning) {
  return {
      .text =
          OptionText{std::move(key), std::move(type), std::move(fallback), std::move(meaning), {}},
      .read = [](Target&, const Value&) {},
      .print = [](const Target&) { return std::string(); }};
}

/// Input error for a key of `table` that belongs to another choice; the message names that choice.
void refuse_foreign_keys(const Value& table, const ChoiceText& own,
                         const std::vector<ChoiceText>& all, const std::string& what);

template <typename T>
std::vector<ChoiceText> texts_of(const std::vector<Choice<T>>& choices) {
  std::vector<ChoiceText> texts;
  for (const auto& choice : choices) {
    texts.push_back({choice.name, choice.meaning, texts_of(choice.options.all())});
  }
  return texts;
}

[[nodiscard]] inline std::vector<std::string> names_of(const std::vector<ChoiceText>& choices) {
  std::vector<std::string> names;
  for (const ChoiceText& choice : choices) names.push_back(choice.name);
  return names;
}

template <typename T>
const Choice<T>& choice_of(const T& value, const std::vector<Choice<T>>& choices) {
  return *std::ranges::find_if(
      choices, [&](const Choice<T>& choice) { return kind_of(choice.value) == kind_of(value); });
}

template <typename T>
const Choice<T>& choice_named(const std::string& key, const Value& name,
                              const std::vector<Choice<T>>& choices) {
  const std::string& word = read_text(key, name, "its name as text in quotes");
  const auto found = std::ranges::find(choices, word, &Choice<T>::name);
  if (found == choices.end()) throw unknown_choice(key, name, names_of(texts_of(choices)));
  return *found;
}

/// "adam", or "sgd(momentum=0.9)": the settings that differ from the choice's own defaults.
template <typename T>
std::string print_choice(const T& value, const std::vector<Choice<T>>& choices) {
  const Choice<T>& choice = choice_of(value, choices);
  const std::string settings = print_differences(value, choice.value, choice.options, ",");
  return settings.empty() ? choice.name : choice.name + "(" + settings + ")";
}

/// A name in quotes or, if choices have options of their own, a table with the name: { name =
/// "sgd", ... }.
template <typename T>
T read_choice(const std::string& key, const Value& value, const T& fallback,
              const std::vector<Choice<T>>& choices, bool may_be_table) {
  if (value.as<std::string>() != nullptr) return choice_named(key, value, choices).value;
  if (value.as<Value::Table>() == nullptr || !may_be_table) {
    const auto names = names_of(texts_of(choices));
    throw wrong_type(key, value, fmt::format("one of \"{}\"", fmt::join(names, "\", \"")));
  }
  const Value* name = value.find("name");
  const Choice<T>& choice =
      name == nullptr ? choice_of(fallback, choices) : choice_named(key + ".name", *name, choices);
  const ChoiceText text{choice.name, "", texts_of(choice.options.all())};
  refuse_foreign_keys(value, text, texts_of(choices), key);
  Options<T> options = choice.options.all();
  options.insert(options.begin(), already_read<T>("name", "text", choice.name, ""));
  T result = choice.value;
  read_table(result, value, options, fmt::format("{} \"{}\"", key, choice.name));
  return result;
}

template <typename Target, typename T>
Option<Target> one_of(std::string key, T Target::*member, std::vector<Choice<T>> choices,
                      std::string meaning) {
  const auto texts = texts_of(choices);
  const bool may_be_table =
      std::ranges::any_of(texts, [](const ChoiceText& text) { return !text.options.empty(); });
  const T fallback = Target{}.*member;
  std::string type = fmt::format("\"{}\"", fmt::join(names_of(texts), "\", \""));
  if (may_be_table) type += ", or a table with its name and options";
  return {.text = OptionText{key, type, fmt::format("\"{}\"", choice_of(fallback, choices).name),
                             std::move(meaning), texts},
          .read =
              [=](Target& target, const Value& value) {
                target.*member = read_choice(key, value, fallback, choices, may_be_table);
              },
          .print = [=](const Target& target) { return print_choice(target.*member, choices); }};
}

/// One choice or a list of choices, with the defaults of Target{}. The choices have no options.
template <typename Target, typename T>
Option<Target> some_of(std::string key, std::vector<T> Target::*member,
                       std::vector<Choice<T>> choices, std::string meaning) {
  const auto texts = texts_of(choices);
  const auto name = [choices](const T& value) {
    return fmt::format("\"{}\"", choice_of(value, choices).name);
  };
  return {.text = OptionText{key,
                             fmt::format("\"{}\", or a list of them",
                                         fmt::join(names_of(texts), "\", \"")),
                             list_text(Target{}.*member, name), std::move(meaning), texts},
          .read =
              [=](Target& target, const Value& value) {
                const auto read = [&](const Value& item) {
                  return read_choice(key, item, choices.front().value, choices, false);
                };
                target.*member = read_list<T>(key, value, read);
              },
          .print = nullptr};
}

}  // namespace minima::study
