#include "report/csv.h"

#include <fmt/format.h>

#include <variant>

#include "core/text.h"

namespace minima::report {
namespace {

struct FieldText {
  std::string operator()(std::monostate /*unknown*/) const { return ""; }
  std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(double value) const { return shortest(value); }
  std::string operator()(const std::string& value) const { return csv_text(value); }
};

}  // namespace

std::string csv_field(const record::Cell& cell) {
  return std::visit(FieldText{}, cell);
}

std::string csv_line(std::span<const std::string> header) {
  std::string line;
  for (const std::string& name : header) line += (line.empty() ? "" : ",") + csv_text(name);
  return line + "\n";
}

std::string csv_line(std::span<const record::Cell> cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) line += (i == 0 ? "" : ",") + csv_field(cells[i]);
  return line + "\n";
}

}  // namespace minima::report
