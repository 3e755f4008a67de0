#include "deploy/c/class_names.h"

#include <fmt/format.h>

#include "deploy/c/c_text.h"

namespace minima::deploy {

std::vector<std::string> names_or_numbers(const std::vector<std::string>& names, int classes) {
  if (!names.empty()) return names;
  std::vector<std::string> numbers;
  for (int c = 0; c < classes; ++c) numbers.push_back(fmt::format("{}", c));
  return numbers;
}

std::string labels_text(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    for (const char each : name) {
      if (each == '\\') {
        text += "\\\\";
      } else if (each == '\n') {
        text += "\\n";
      } else if (each == '\r') {
        text += "\\r";
      } else {
        text += each;
      }
    }
    text += '\n';
  }
  return text;
}

// A macro takes no memory unless a program uses it. An array in the header would take RAM on AVR.
std::string class_table(std::string_view macro, const std::vector<std::string>& names) {
  std::string text = fmt::format("#define {} \\\n  {{ \\\n", macro);
  for (const std::string& name : names) text += "    " + c_string(name) + ", \\\n";
  return text + "  }\n";
}

}  // namespace minima::deploy
