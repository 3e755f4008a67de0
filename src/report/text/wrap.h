// Breaks lines at blanks.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace minima::report {

/// The words of a text, at which a line may be broken. "95 %", "p = 0.1" and text in backquotes are
/// one word.
[[nodiscard]] std::vector<std::string> words_of(std::string_view text);

/// The lines of a text without line breaks, each at most `width` columns unless a word is longer.
/// Escape sequences of report::bold and related functions take no columns.
[[nodiscard]] std::vector<std::string> broken(std::string_view text, std::size_t width);

/// Breaks the lines that are wider than `width` columns. The continuation of "label   text" is
/// aligned with the text, that of another line with its beginning. A line that is a command stays
/// whole, so that it can be copied.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t width);

}  // namespace minima::report
