#include "cli/arguments/usage.h"

#include <fmt/format.h>

#include <vector>

#include "core/text.h"

namespace minima::cli {
namespace {

const CLI::App& deepest_command(const CLI::App& program) {
  const CLI::App* command = &program;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return *command;
}

std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : full_name(*parent) + " " + command.get_name();
}

// Name of the command in messages, without the program's name, which precedes every message.
std::string name_in_message(const CLI::App& command) {
  return command.get_parent() == nullptr ? "" : full_name(command);
}

std::vector<std::string> subcommand_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* subcommand : command.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(subcommand->get_name());
  }
  return names;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// Uses CLI11's own words, on one line, if they are clear enough.
std::string problem_of(const CLI::ParseError& error) {
  const std::string text = error.what();
  if (text.find("At Most") != std::string::npos) {
    return text.substr(0, text.find(':')) + " is given more than once";
  }
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ArgumentMismatch)) {
    return text.substr(0, text.find(':')) + " needs a value";
  }
  return text.substr(0, text.find('\n'));
}

}  // namespace

void refuse_empty_values(CLI::App& program) {
  for (CLI::Option* option : program.get_options()) {
    if (option->get_expected_min() == 0) continue;  // a flag
    option->check([](const std::string& text) { return text.empty() ? "needs a value" : ""; }, "");
  }
  for (CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) {
    refuse_empty_values(*command);
  }
}

Error usage_error(const CLI::App& program, const CLI::ParseError& error) {
  const CLI::App& command = deepest_command(program);
  const std::string name = name_in_message(command);
  const std::string help = fmt::format("see `{} --help`", full_name(command));
  const std::vector<std::string> rest = command.remaining();
  const std::vector<std::string> subcommands = subcommand_names(command);
  if (rest.empty()) {
    if (!subcommands.empty()) return input_error({name, ""}, "a command is missing", help);
    return input_error({name, ""}, problem_of(error), help);
  }
  const std::string& word = rest.front();
  if (word.starts_with("-")) {
    const std::string option = word.substr(0, word.find('='));
    return input_error({name, ""}, fmt::format("unknown option \"{}\"", option),
                       suggestion(option, option_names(command)));
  }
  if (!subcommands.empty()) {
    return input_error({name, ""}, fmt::format("unknown command \"{}\"", word),
                       suggestion(word, subcommands));
  }
  return input_error({name, ""}, fmt::format("unexpected argument \"{}\"", word), help);
}

}  // namespace minima::cli
