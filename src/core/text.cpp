#include "core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/characters.h"

namespace minima {
namespace {

// Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

template <typename T>
std::optional<T> parse_whole(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

bool needs_escapes(std::string_view text) {
  while (!text.empty()) {
    const Character each = character_at(text);
    if (!each.is_valid || (is_unsafe(each.code) && each.code != '\n')) return true;
    text.remove_prefix(each.bytes);
  }
  return false;
}

// printf, the utility, expands octal escapes. A "-" at the beginning would start an option. The
// shell removes line breaks at the end of what a command prints, so these follow in quotes.
std::string escaped_word(std::string_view text) {
  const std::size_t last = text.find_last_not_of('\n');
  const std::string_view body = text.substr(0, last + 1);
  std::string word = "\"$(printf '";
  for (const char each : body) {
    const auto byte = static_cast<unsigned char>(each);
    if (each == '%') {
      word += "%%";
    } else if (byte < 0x20 || byte >= 0x7f || each == '\'' || each == '\\' ||
               (each == '-' && word.back() == '\'')) {
      word += fmt::format("\\{:03o}", byte);
    } else {
      word += each;
    }
  }
  word += "')\"";
  const std::string_view rest = text.substr(body.size());
  return rest.empty() ? word : word + "'" + std::string(rest) + "'";
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view word,
                                        std::span<const std::string> candidates) {
  const std::string* best = nullptr;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (best == nullptr || distance < best_distance) {
      best = &candidate;
      best_distance = distance;
    }
  }
  const std::size_t tolerated = std::max<std::size_t>(2, word.size() / 3);
  if (best == nullptr || best_distance > tolerated) return std::nullopt;
  return *best;
}

std::string suggestion(std::string_view word, std::span<const std::string> candidates) {
  if (const auto name = nearest_name(word, candidates)) {
    return fmt::format("did you mean \"{}\"?", *name);
  }
  return fmt::format("valid are: {}", fmt::join(candidates, ", "));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = text.find(separator, begin);
    parts.emplace_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return parts;
    begin = end + 1;
  }
}

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  return parse_whole<std::int64_t>(text);
}

std::optional<double> parse_number(std::string_view text) {
  return parse_whole<double>(text);
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view kHarmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./,:+@%";
  if (!text.empty() && text.find_first_not_of(kHarmless) == std::string_view::npos) {
    return std::string(text);
  }
  if (needs_escapes(text)) return escaped_word(text);
  std::string word = "'";
  for (const char each : text) {
    if (each == '\'') {
      word += "'\\''";
    } else {
      word += each;
    }
  }
  return word + "'";
}

std::string csv_text(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string shortest(double value) {
  return fmt::format("{}", value);
}

std::string brief(double value) {
  constexpr double kWhole = 99.5;  // what rounds to 100
  if (!(std::abs(value) >= kWhole && std::abs(value) < 0x1p62)) return fmt::format("{:.2g}", value);
  return grouped(std::llround(value));
}

std::string human_bytes(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  static constexpr const char* kUnits[] = {"KB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(bytes);
  int unit = -1;
  while (value >= 999.5 && unit < 5) {
    value /= 1000.0;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", value, value < 9.95 ? 1 : 0, kUnits[std::max(unit, 0)]);
}

std::string human_duration(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return "?";
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  const std::int64_t minutes = (whole + 30) / 60;
  if (minutes < 48 * 60) return fmt::format("{} h {} min", minutes / 60, minutes % 60);
  return fmt::format("{} d {} h", minutes / 1440, minutes % 1440 / 60);
}

std::string grouped(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  std::string digits = fmt::format("{}", value < 0 ? ~bits + 1 : bits);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return value < 0 ? "-" + digits : digits;
}

std::string grouped_two_digits(double value) {
  constexpr double kMostWritten = 1e15;
  if (!(value < kMostWritten)) return fmt::format("{:.1e}", value);
  const double step = std::pow(10.0, std::floor(std::log10(std::max(value, 1.0))) - 1.0);
  return grouped(std::llround(std::round(value / step) * step));
}

}  // namespace minima
