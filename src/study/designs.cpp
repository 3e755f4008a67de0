// The kinds of [[design]] and their options. A new family of architectures adds its kinds here.
#include <fmt/format.h>

#include "core/text.h"
#include "study/limits.h"
#include "study/option_builders.h"
#include "study/options.h"

namespace minima::study {
namespace {

constexpr WholeRange kDepth{0, kMaxGridDepth};
constexpr WholeRange kWidth{1, kMaxWidth};

template <typename Target>
Option<Target> family_option() {
  return already_read<Target>("family", "\"dnn\"", "", "family of architectures");
}

Options<DnnGrid> grid_options() {
  using Shape = DnnGrid::Shape;
  return {family_option<DnnGrid>(),
          whole_list("depth", &DnnGrid::depth, kDepth, "numbers of hidden layers"),
          whole_list("width", &DnnGrid::width, kWidth,
                     "units of each hidden layer; with `shape = \"all\"`, of the narrowest"),
          one_of("shape", &DnnGrid::shape,
                 std::vector<Choice<Shape>>{
                     {"equal", "all hidden layers equally wide", Shape::equal},
                     {"all", "every pattern of smaller, equal and larger from layer to layer",
                      Shape::all}},
                 "widths of the hidden layers against each other"),
          number("step", &DnnGrid::step, {.min = 1, .max = 10},
                 "with `shape = \"all\"`: how many times the units a larger layer has")};
}

void read_range(DnnDraws& design, const Value& value) {
  const auto* table = value.as<Value::Table>();
  const Value* min = value.find("min");
  const Value* max = value.find("max");
  if (table == nullptr || min == nullptr || max == nullptr) {
    throw wrong_type("width", value, "the range to draw from: width = { min = 5, max = 200 }");
  }
  for (const Entry& entry : *table) {
    if (entry.key != "min" && entry.key != "max") throw unknown_key(entry, "width", {"min", "max"});
  }
  design.min_width = static_cast<int>(read_whole("width.min", *min, kWidth));
  design.max_width =
      static_cast<int>(read_whole("width.max", *max, {.min = design.min_width, .max = kWidth.max}));
}

Options<DnnDraws> draws_options() {
  return {
      family_option<DnnDraws>(),
      {.text = {"draws",
                fmt::format("whole number {}", WholeRange{1, kMaxRuns}.text()),
                "",
                "architectures to draw",
                {}},
       .read =
           [](DnnDraws& design, const Value& value) {
             design.draws = static_cast<int>(read_whole("draws", value, {1, kMaxRuns}));
           },
       .print = nullptr},
      whole_list("depth", &DnnDraws::depth, kDepth, "numbers of hidden layers, all equally likely"),
      {.text = {"width",
                "table { min = 5, max = 200 }",
                "",
                "each hidden layer's units are drawn from this range, all equally likely",
                {}},
       .read = read_range,
       .print = nullptr}};
}

Architecture read_architecture(const Value& value) {
  const std::string& text =
      read_text("architecture", value, "its notation in quotes, such as \"dnn 32-32\"");
  try {
    return Architecture::parse(text);
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

Options<ArchitectureList> list_options() {
  return {{.text = {"architectures",
                    "list of texts",
                    "",
                    "architectures in their notation, such as `\"dnn 300-100\"`; one needs no list",
                    {}},
           .read = read_architectures,
           .print = nullptr}};
}

template <typename Target>
DesignKind make_kind(const std::string& name, const std::string& meaning,
                     const Options<Target>& options) {
  return {.text = {name, meaning, texts_of(options)},
          .read = [options](const Value& table) -> decltype(Design::what) {
            Target design;
            read_table(design, table, options, "[[design]]");
            return design;
          }};
}

// The order of design_kinds().
constexpr std::size_t kGrid = 0;
constexpr std::size_t kDraws = 1;
constexpr std::size_t kList = 2;

/// A misspelt key is an error before any other: it may be the one that tells the kind.
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
  const auto& kinds = design_kinds();
  if (table.find("architectures") != nullptr) return kinds[kList];
  const Value* family = table.find("family");
  if (family == nullptr) {
    throw input_error(
        table.place(), "[[design]] names neither a family nor architectures",
        "add family = \"dnn\" with depth and width, or architectures = [\"dnn 32-32\"]");
  }
  if (read_text("family", *family, "\"dnn\"") != "dnn") {
    throw unknown_choice("family", *family, family_names());
  }
  return table.find("draws") != nullptr ? kinds[kDraws] : kinds[kGrid];
}

}  // namespace

const std::vector<DesignKind>& design_kinds() {
  static const std::vector<DesignKind> kKinds{
      make_kind("grid", "Every depth with every width and every pattern of shape.", grid_options()),
      make_kind(
          "random draws",
          "Architectures drawn at random, the same ones for every dataset. They are spread over "
          "many "
          "shuffles of the training images, at most 16 to one.",
          draws_options()),
      make_kind("list", "Architectures one by one.", list_options())};
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

}  // namespace minima::study
