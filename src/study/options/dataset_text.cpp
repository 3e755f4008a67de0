#include "study/options/dataset_text.h"

#include <fmt/format.h>

#include "core/text.h"
#include "study/options/option.h"
#include "study/settings/limits.h"

namespace minima::study {
namespace {

struct SettingText {
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(std::int64_t integer) const { return fmt::format("{}", integer); }
  std::string operator()(double number) const { return shortest(number); }
  std::string operator()(bool boolean) const { return boolean ? "true" : "false"; }
  template <typename Other>
  std::string operator()(const Other&) const {
    return "";
  }
};

/// Text of a setting in dataset notation, where blanks separate settings.
std::string setting_text(const Entry& entry) {
  std::string text = std::visit(SettingText{}, entry.value.data);
  if (text.empty() || text.find_first_of(" \t\r\n") != std::string::npos) {
    throw wrong_type(entry.key, entry.value, "a number, true, false or a text without blanks");
  }
  return text;
}

std::string text_of_table(const Value& table) {
  const Value* name = table.find("name");
  if (name == nullptr) {
    throw input_error(table.place(), "a dataset has no name", "add name = \"glyphs\" or another");
  }
  std::string text = read_text("name", *name, "the dataset's name in quotes");
  for (const Entry& entry : std::get<Value::Table>(table.data)) {
    if (entry.key == "name") continue;
    if (entry.key.empty() || entry.key.find_first_of(" \t\r\n=") != std::string::npos) {
      throw unknown_key(entry, "a dataset", {"difficulty", "train", "test", "seed", "size"});
    }
    text += " " + entry.key + "=" + setting_text(entry);
  }
  return text;
}

DatasetText read_dataset(const Value& value) {
  const bool table = value.as<Value::Table>() != nullptr;
  std::string text =
      table ? text_of_table(value) : read_text("dataset", value, "its name in quotes, or a table");
  if (trim(text).empty()) {
    throw input_error(value.place(), "a dataset's name is empty", "write for example \"mnist\"");
  }
  return {std::move(text), value.place()};
}

}  // namespace

std::vector<DatasetText> read_datasets(const Value& value) {
  const auto* list = value.as<Value::List>();
  if (list == nullptr) return {read_dataset(value)};
  if (list->empty()) {
    throw input_error(value.place(), "datasets is empty", "name at least one, such as \"glyphs\"");
  }
  if (list->size() > kMaxDatasets) {
    throw input_error(
        value.place(), fmt::format("{} datasets", grouped(static_cast<std::int64_t>(list->size()))),
        fmt::format("a study has at most {}", grouped(static_cast<std::int64_t>(kMaxDatasets))));
  }
  std::vector<DatasetText> datasets;
  for (const Value& item : *list) datasets.push_back(read_dataset(item));
  return datasets;
}

}  // namespace minima::study
