#include "study/options/value.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <stdexcept>

#include "core/text.h"

namespace minima::study {
namespace {

using File = std::shared_ptr<const std::string>;

// toml++ limits the nesting of values but not of dotted keys, and it walks tables recursively. A
// key with a million dots would overflow the stack. Study files need at most three.
constexpr int kMaxDots = 16;

/// Finds keys with too many dots; skips strings and comments.
class DotGuard {
 public:
  DotGuard(std::string_view text, const File& file) : text_(text), file_(file) {}

  void check() {
    while (at_ < text_.size()) step();
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '"' || c == '\'') return skip_string(c);
    if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return;
    }
    ++at_;
    if (c == '\n') {
      ++line_;
      dots_ = 0;
    } else if (c == ',' || c == '=' || c == '[' || c == ']' || c == '{' || c == '}') {
      dots_ = 0;
    } else if (c == '.' && ++dots_ > kMaxDots) {
      throw input_error({*file_, fmt::format("line {}, column 1", line_)},
                        "a key has too many parts", fmt::format("use at most {} dots", kMaxDots));
    }
  }

  void skip_string(char quote) {
    const std::string three(3, quote);
    const bool multi_line = text_.substr(at_, 3) == three;
    at_ += multi_line ? 3 : 1;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') {
        if (!multi_line) return;  // unterminated: the parser reports it
        ++line_;
      }
      if (c == '\\' && quote == '"') {
        at_ += 2;
      } else if (multi_line ? text_.substr(at_, 3) == three : c == quote) {
        at_ += multi_line ? 3 : 1;
        return;
      } else {
        ++at_;
      }
    }
  }

  std::string_view text_;
  const File& file_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  int dots_ = 0;
};

Source source_of(const toml::source_region& region, const File& file) {
  return {file, region.begin.line, region.begin.column};
}

Value convert(const toml::node& node, const File& file);

Value::Table convert_table(const toml::table& table, const File& file) {
  Value::Table entries;
  for (auto&& [key, node] : table) {
    entries.push_back({std::string(key.str()), source_of(key.source(), file), convert(node, file)});
  }
  // toml++ sorts by name, but messages should follow the order of the file.
  std::ranges::stable_sort(entries, {}, [](const Entry& entry) {
    return std::pair(entry.source.line, entry.source.column);
  });
  return entries;
}

Value::List convert_list(const toml::array& array, const File& file) {
  Value::List list;
  list.reserve(array.size());
  for (const toml::node& node : array) list.push_back(convert(node, file));
  return list;
}

Value convert(const toml::node& node, const File& file) {
  Value value{.data = Value::Time{}, .source = source_of(node.source(), file)};
  if (const auto* table = node.as_table()) value.data = convert_table(*table, file);
  if (const auto* array = node.as_array()) value.data = convert_list(*array, file);
  if (const auto* text = node.as_string()) value.data = text->get();
  if (const auto* integer = node.as_integer()) value.data = integer->get();
  if (const auto* number = node.as_floating_point()) value.data = number->get();
  if (const auto* boolean = node.as_boolean()) value.data = boolean->get();
  return value;
}

toml::table parse(std::string_view text, const File& file) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  DotGuard(text, file).check();
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw input_error(source_of(error.source(), file).place(),
                      printable(std::string(error.description()), 300), "fix the TOML there");
  }
}

/// Removes lines and columns, which mean nothing for text outside a file.
void forget_lines(Value& value) {
  value.source.line = 0;
  if (auto* list = value.as<Value::List>()) std::ranges::for_each(*list, forget_lines);
  if (auto* table = value.as<Value::Table>()) {
    for (Entry& entry : *table) {
      entry.source.line = 0;
      forget_lines(entry.value);
    }
  }
}

struct Describe {
  std::string operator()(const Value::Table&) const { return "a table"; }
  std::string operator()(const Value::List& list) const {
    return list.empty() ? "an empty list" : "a list";
  }
  std::string operator()(const std::string& text) const {
    return fmt::format("the text \"{}\"", printable(text, 60));
  }
  std::string operator()(std::int64_t integer) const { return fmt::format("{}", integer); }
  std::string operator()(double number) const {
    return fmt::format("the number {}", shortest(number));
  }
  std::string operator()(bool boolean) const { return boolean ? "true" : "false"; }
  std::string operator()(Value::Time) const { return "a date or time"; }
};

}  // namespace

Place Source::place() const {
  const std::string name = file ? *file : "";
  return {name, line == 0 ? "" : fmt::format("line {}, column {}", line, column)};
}

std::string Value::describe() const {
  return std::visit(Describe{}, data);
}

const Value* Value::find(std::string_view key) const {
  const Table* table = as<Table>();
  if (table == nullptr) return nullptr;
  const auto entry = std::ranges::find(*table, key, &Entry::key);
  return entry == table->end() ? nullptr : &entry->value;
}

Value read_toml(std::string_view text, const std::string& file) {
  const File name = std::make_shared<const std::string>(file);
  Value root{.data = convert_table(parse(text, name), name), .source = {name, 1, 1}};
  return root;
}

Value read_toml_value(const std::string& text, const std::string& file) {
  const File name = std::make_shared<const std::string>(file);
  try {
    auto entries = convert_table(parse("value = " + text, name), name);
    if (entries.size() == 1 && entries.front().key == "value") {
      forget_lines(entries.front().value);
      return std::move(entries.front().value);
    }
  } catch (const Error&) {
    // Not TOML: read it as a bare word, which is the easiest form to type in a shell.
  }
  return {.data = text, .source = {name, 0, 0}};
}

}  // namespace minima::study
