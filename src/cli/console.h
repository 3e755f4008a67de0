// The terminal, or what stands in its place.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "report/style.h"

namespace minima::cli {

/// Thrown when the reader of standard output has closed its end (`| head`): there is nobody left to
/// tell anything.
struct OutputClosed {};

/// Writes exact bytes (JSON, CSV) to standard output now; throws OutputClosed, or a work error when
/// it cannot be written.
void write_output(std::string_view text);

/// The same of lines for people, which may hold names from files: see printable_lines().
void write_text(std::string_view text);

/// Writes lines for people to standard error, made printable; a failure is of no interest.
void write_log(std::string_view text);

/// Writes `line` over the line at hand of the terminal on standard error, cut to its width; without
/// text the line is cleared.
void write_live_line(const std::string& line);

/// Each line as printable() has it. The escape sequences of report::bold() and its kin stay if
/// `styled`.
[[nodiscard]] std::string printable_lines(std::string_view text, bool styled);

/// "-", /dev/stdout, /dev/fd/1 and links to them.
[[nodiscard]] bool is_standard_output(const std::string& path);

/// Writes a file that the user named, whole or not at all; to standard output where that is meant.
void write_named_file(const std::string& path, std::string_view content);

[[nodiscard]] bool is_terminal(std::FILE* stream);

/// Columns of the terminal that `stream` is, else 80.
[[nodiscard]] std::size_t columns_of(std::FILE* stream);

/// For standard output: as wide as its terminal, between 80 and 120 columns; colour on a terminal
/// unless $NO_COLOR is set or $TERM is "dumb", blocks to draw with where the locale is UTF-8.
[[nodiscard]] report::TextStyle output_style();

}  // namespace minima::cli
