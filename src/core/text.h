// Small helpers for text that people read or type.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace minima {

/// The candidate nearest to `word` by edit distance (Damerau-Levenshtein with adjacent swaps).
/// Nothing if none is near enough to be a likely typing error.
[[nodiscard]] std::optional<std::string> nearest_name(std::string_view word,
                                                      std::span<const std::string> candidates);

/// "did you mean \"width\"?" or, if nothing is near, "valid are: depth, width, ...".
[[nodiscard]] std::string suggestion(std::string_view word,
                                     std::span<const std::string> candidates);

[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
[[nodiscard]] std::string_view trim(std::string_view text);

/// The whole text as a number, or nothing.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

/// `text` as one word of any POSIX shell. Unchanged if it has no special characters, else in single
/// quotes, with each single quote inside written as '\''. Text that a terminal must not receive
/// (control characters, invalid UTF-8) is spelled in ASCII: "$(printf '\033')". Older shells, such
/// as Debian's /bin/sh, do not know $'...'.
[[nodiscard]] std::string shell_word(std::string_view text);

/// `text` as a field of comma-separated values (RFC 4180): quoted if it has a comma, a quote or a
/// line break; quotes are doubled.
[[nodiscard]] std::string csv_text(std::string_view text);

/// Shortest text that reads back as the same double: "0.001", "20".
[[nodiscard]] std::string shortest(double value);

/// Two significant digits, and from 100 on a whole number: "0.013", "2.2", "1,234". Never the
/// 1.2e+03 of printf.
[[nodiscard]] std::string brief(double value);

/// "532 B", "6.1 KB", "1.2 GB" (powers of 1000).
[[nodiscard]] std::string human_bytes(std::uint64_t bytes);
/// "0.4 s", "12 s", "3 min 5 s", "2 h 14 min".
[[nodiscard]] std::string human_duration(double seconds);
/// 1234567 as "1,234,567".
[[nodiscard]] std::string grouped(std::int64_t value);
/// Rounded to two significant digits, for extrapolations: 1234567 as "1,200,000".
[[nodiscard]] std::string grouped_two_digits(double value);

}  // namespace minima
