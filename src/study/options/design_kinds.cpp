// The kinds of [[design]], and how a table is matched to its kind. A new architecture family adds
// its kinds here.
#include "study/options/design_kinds.h"

#include <fmt/format.h>

#include "core/text.h"

namespace minima::study {
namespace {

network::Architecture read_architecture(const Value& value) {
  const std::string& text =
      read_text("architecture", value, "its notation in quotes, such as \"dnn 32-32\"");
  try {
    return network::Architecture::parse(text);
  } catch (const Error& error) {
    throw input_error(value.place(), error.what());
  }
}

void read_architectures(ArchitectureList& design, const Value& value) {
  const auto* list = value.as<Value::List>();
  if (list == nullptr) {
    design.architectures = {read_architecture(value)};
    return;
  }
  if (list->empty()) {
    throw input_error(value.place(), "architectures is empty",
                      "write at least one, such as \"dnn 32-32\"");
  }
  for (const Value& item : *list) design.architectures.push_back(read_architecture(item));
}

DesignKind list_kind() {
  const Options<ArchitectureList> options{
      {.text =
           OptionText{
               "architectures",
               "list of texts",
               "",
               "architectures in their notation, such as `\"dnn 300-100\"`; one needs no list",
               {}},
       .read = read_architectures,
       .print = nullptr}};
  return make_kind("list", "Architectures one by one.", options);
}

/// The kind with a name; null if there is none.
const DesignKind* kind_named(std::string_view name) {
  const auto& kinds = design_kinds();
  const auto found =
      std::ranges::find(kinds, name, [](const DesignKind& kind) { return kind.text.name; });
  return found == kinds.end() ? nullptr : &*found;
}

/// Misspelt keys are reported first, because the key may be the one that identifies the kind.
void refuse_unknown_keys(const Value& table) {
  std::vector<std::string> known;
  for (const DesignKind& kind : design_kinds()) {
    for (const std::string& key : keys_of(kind.text.options)) {
      if (std::ranges::find(known, key) == known.end()) known.push_back(key);
    }
  }
  for (const Entry& entry : std::get<Value::Table>(table.data)) {
    if (std::ranges::find(known, entry.key) == known.end()) {
      throw unknown_key(entry, "[[design]]", known);
    }
  }
}

const DesignKind& kind_of_table(const Value& table) {
  if (table.find("architectures") != nullptr) return *kind_named("list");
  const Value* family = table.find("family");
  if (family == nullptr) {
    throw input_error(
        table.place(), "[[design]] names neither a family nor architectures",
        "add family = \"dnn\" with depth and width, or architectures = [\"dnn 32-32\"]");
  }
  const std::string& name =
      read_text("family", *family,
                fmt::format("one of \"{}\"", fmt::join(word_list<network::Family>(), "\", \"")));
  if (!parse_word<network::Family>(name)) {
    throw unknown_choice("family", *family, word_list<network::Family>());
  }
  const Value* draws = table.find("draws");
  if (draws == nullptr) return *kind_named(name + " grid");
  if (const DesignKind* kind = kind_named(name + " draws")) return *kind;
  throw input_error(draws->place(), fmt::format("family \"{}\" has no random draws", name),
                    "remove draws, and list the values to try");
}

}  // namespace

const std::vector<DesignKind>& design_kinds() {
  static const std::vector<DesignKind> kKinds{dnn_grid_kind(),  dnn_draws_kind(), cnn_grid_kind(),
                                              cnn_draws_kind(), vit_grid_kind(),  list_kind()};
  return kKinds;
}

Design read_design(const Value& table) {
  refuse_unknown_keys(table);
  const DesignKind& own = kind_of_table(table);
  std::vector<ChoiceText> all;
  for (const DesignKind& any : design_kinds()) all.push_back(any.text);
  refuse_foreign_keys(table, own.text, all, "design");
  return {own.read(table), table.place()};
}

IntRange read_range(const std::string& key, const Value& value, const WholeRange& range) {
  const auto* table = value.as<Value::Table>();
  const Value* min = value.find("min");
  const Value* max = value.find("max");
  if (table == nullptr || min == nullptr || max == nullptr) {
    throw wrong_type(key, value,
                     fmt::format("the range to draw from: {} = {{ min = 5, max = 200 }}", key));
  }
  for (const Entry& entry : *table) {
    if (entry.key != "min" && entry.key != "max") throw unknown_key(entry, key, {"min", "max"});
  }
  IntRange read;
  read.min = static_cast<int>(read_whole(key + ".min", *min, range));
  read.max = static_cast<int>(read_whole(key + ".max", *max, {read.min, range.max}));
  return read;
}

}  // namespace minima::study
