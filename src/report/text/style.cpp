#include "report/text/style.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/text.h"

namespace minima::report {
namespace {

std::string marked(std::string_view text, std::string_view begin, const TextStyle& style) {
  const std::string safe = printable(std::string(text), std::string::npos);
  return style.colour ? fmt::format("{}{}{}", begin, safe, kPlain) : safe;
}

}  // namespace

std::string bold(std::string_view text, const TextStyle& style) {
  return marked(text, kBold, style);
}
std::string dim(std::string_view text, const TextStyle& style) {
  return marked(text, kDim, style);
}
std::string green(std::string_view text, const TextStyle& style) {
  return marked(text, kGreen, style);
}

std::string percent(double fraction) {
  return fmt::format("{:.2f}", 100.0 * fraction);
}

std::string percent_text(double fraction) {
  return fmt::format("{:.4g}", 100.0 * fraction);
}

std::string points_text(double fraction) {
  const std::string points = fmt::format("{:.4g}", 100.0 * fraction);
  return points + (points == "1" ? " point" : " points");
}

std::string counted(std::int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
}

std::string runs_so_far(std::int64_t recorded, std::int64_t planned) {
  if (recorded >= planned) return counted(recorded, "run");
  return fmt::format("{} of {} so far", grouped(recorded), counted(planned, "run"));
}

std::string bytes_text(double bytes) {
  return human_bytes(static_cast<std::uint64_t>(std::llround(bytes)));
}

std::string dataset_label(const std::string& name, const std::vector<std::string>& all) {
  const std::string first = name.substr(0, name.find(' '));
  const auto begins = [&first](const std::string& other) {
    return other.substr(0, other.find(' ')) == first;
  };
  return std::ranges::count_if(all, begins) > 1 ? name : first;
}

std::string human_flop(double flop) {
  static constexpr const char* kUnits[] = {"FLOP",  "kFLOP", "MFLOP", "GFLOP",
                                           "TFLOP", "PFLOP", "EFLOP", "ZFLOP"};
  std::size_t unit = 0;
  while (flop >= 999.5 && unit + 1 < std::size(kUnits)) {
    flop /= 1000.0;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", flop, unit == 0 || flop >= 99.5 ? 0 : 1, kUnits[unit]);
}

}  // namespace minima::report
