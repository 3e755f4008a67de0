// minima data formats: lists the kinds of data that are read, and shows Python that converts
// others.
#include "cli/commands/command_formats.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cctype>
#include <memory>
#include <string>
#include <vector>

#include "app/console.h"
#include "cli/arguments/arguments.h"
#include "core/error.h"
#include "core/text.h"
#include "data/source/file_kinds.h"
#include "report/json.h"

namespace minima::cli {
namespace {

struct FormatsArguments {
  std::string kind;  ///< ending of an unread kind; empty: all
  bool json = false;
};

/// "parquet" and ".parquet" name the same kind.
bool has_ending(const data::UnreadKind& kind, const std::string& word) {
  for (const std::string& ending : kind.endings) {
    if (ending == word || ending == "." + word) return true;
  }
  return false;
}

/// Whether a word, such as "csv" or ".tar", is one of those that describe a kind that is read.
bool names_kind(const data::ReadKind& kind, const std::string& word) {
  const auto is_letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  std::string each;
  for (const char c : kind.name + " " + kind.layout + " ") {
    if (is_letter(c)) {
      each += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!each.empty()) {
      if (each == word || "." + each == word) return true;
      each.clear();
    }
  }
  return false;
}

std::vector<data::UnreadKind> chosen_kinds(const std::string& word) {
  std::vector<data::UnreadKind> chosen;
  std::vector<std::string> endings;
  for (const data::UnreadKind& kind : data::unread_kinds()) {
    if (word.empty() || has_ending(kind, word)) chosen.push_back(kind);
    endings.insert(endings.end(), kind.endings.begin(), kind.endings.end());
  }
  if (!chosen.empty()) return chosen;
  for (const data::ReadKind& kind : data::read_kinds()) {
    if (!names_kind(kind, word)) continue;
    throw input_error({"data formats", ""},
                      fmt::format("\"{}\" needs no converter: {}, {}", printable(word, 60),
                                  kind.name, kind.layout),
                      "give the path itself, as in `minima data info PATH`");
  }
  throw input_error({"data formats", ""},
                    fmt::format("there is no program that converts \"{}\"", printable(word, 60)),
                    suggestion(word, endings));
}

std::string formats_json(const std::vector<data::UnreadKind>& unread) {
  report::Json read = report::Json::array();
  for (const data::ReadKind& kind : data::read_kinds()) {
    read.push_back({{"name", kind.name}, {"layout", kind.layout}});
  }
  report::Json others = report::Json::array();
  for (const data::UnreadKind& kind : unread) {
    others.push_back({{"name", kind.name}, {"endings", kind.endings}, {"python", kind.python}});
  }
  return report::document({{"read", read}, {"not_read", others}});
}

std::string read_text() {
  std::string text = "minima reads:\n";
  for (const data::ReadKind& kind : data::read_kinds()) {
    text += fmt::format("  {}\n      {}\n", kind.name, kind.layout);
  }
  return text +
         "Every kind takes the settings size=HxW, channels=1 or 3, train=N, test=N,\n"
         "test_share=S (without a test split) and validation_share=S.\n\n";
}

void formats(const FormatsArguments& arguments) {
  const std::vector<data::UnreadKind> unread = chosen_kinds(arguments.kind);
  if (arguments.json) {
    app::write_output(formats_json(unread));
    return;
  }
  if (arguments.kind.empty()) {
    app::write_screen(read_text() + "Other files have to be converted, for example in Python.\n\n");
  }
  std::string text;
  for (const data::UnreadKind& kind : unread) {
    text += fmt::format("# {} ({})\n{}\n", kind.name, fmt::join(kind.endings, ", "), kind.python);
  }
  app::write_text(text);
}

}  // namespace

void add_formats(CLI::App& data) {
  auto arguments = std::make_shared<FormatsArguments>();
  CLI::App* command =
      data.add_subcommand("formats", "List what is read, and show how to convert other files");
  command->add_option("KIND", arguments->kind, "ending of a file, such as parquet [all]")
      ->type_name("");
  add_json_flag(*command, arguments->json);
  command->footer(
      "Examples:\n"
      "  minima data formats\n"
      "  minima data formats parquet > convert.py");
  command->callback([arguments] { formats(*arguments); });
}

}  // namespace minima::cli
