// Formatting of text for the terminal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace minima::report {

/// Properties of the output device; `cli` detects them.
struct TextStyle {
  std::size_t width = 80;  ///< available columns
  bool colour = false;     ///< ANSI escape sequences
  /// Whether a table that is too wide shows its cells below each other.
  bool stacks_tables = false;
  bool unicode = false;                                 ///< block characters, else ASCII
  std::optional<std::size_t> most_rows = std::nullopt;  ///< per table; the rest is counted
};

// Escape sequences that start a style, and the one that resets it.
inline constexpr std::string_view kBold = "\x1b[1m";
inline constexpr std::string_view kDim = "\x1b[2m";
inline constexpr std::string_view kGreen = "\x1b[1;32m";
inline constexpr std::string_view kPlain = "\x1b[0m";

[[nodiscard]] std::string bold(std::string_view text, const TextStyle& style);
[[nodiscard]] std::string dim(std::string_view text, const TextStyle& style);
[[nodiscard]] std::string green(std::string_view text, const TextStyle& style);

/// 0.9712 as "97.12": accuracies.
[[nodiscard]] std::string percent(double fraction);
/// 0.95 as "95", 0.953 as "95.3": numbers chosen by the user.
[[nodiscard]] std::string percent_text(double fraction);

/// A difference of accuracies in percentage points: "1 point" for 0.01.
[[nodiscard]] std::string points_text(double fraction);

/// "1 run", "1,234 runs".
[[nodiscard]] std::string counted(std::int64_t count, std::string_view noun);

/// "300 runs", or "40 of 300 runs so far" if fewer are recorded than planned.
[[nodiscard]] std::string runs_so_far(std::int64_t recorded, std::int64_t planned);

/// 1,300 as "1.3 KB"; rounded, because means of sizes have fractions.
[[nodiscard]] std::string bytes_text(double bytes);

/// The first word of a dataset's name if no other name begins with it, else the whole name:
/// "glyphs" for "glyphs train=4000".
[[nodiscard]] std::string dataset_label(const std::string& name,
                                        const std::vector<std::string>& all);

/// 1.25e12 as "1.25 TFLOP".
[[nodiscard]] std::string human_flop(double flop);

}  // namespace minima::report
