// Output to the terminal, or to a file or pipe in its place.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "report/text/style.h"

namespace minima::app {

/// Thrown when the reader of standard output has closed its end (`| head`), so that nobody reads
/// further output.
struct OutputClosed {};

/// Writes exact bytes (JSON, CSV) to standard output immediately. Throws OutputClosed, or a work
/// error if writing fails.
void write_output(std::string_view text);

/// Writes readable lines to standard output. They may contain names from files: see
/// printable_lines().
void write_text(std::string_view text);

/// The same, with lines broken at the width of the terminal. In a pipe they stay whole, so that
/// other programs find sentences in them.
void write_screen(std::string_view text);

/// Writes readable lines to standard error, made printable; failures are ignored.
void write_log(std::string_view text);

/// Overwrites the current line of the terminal on standard error with `line`, cut to its width.
/// Empty text clears the line.
void write_live_line(const std::string& line);

/// Applies printable() to each line. If `styled`, keeps the escape sequences of report::bold() and
/// related functions.
[[nodiscard]] std::string printable_lines(std::string_view text, bool styled);

/// True for "-", /dev/stdout, /dev/fd/1 and links to them.
[[nodiscard]] bool is_standard_output(const std::string& path);

/// Writes a file named by the user, completely or not at all, or standard output if that is meant.
void write_named_file(const std::string& path, std::string_view content);

[[nodiscard]] bool is_terminal(std::FILE* stream);

/// Number of columns if `stream` is a terminal, otherwise 80.
[[nodiscard]] std::size_t columns_of(std::FILE* stream);

/// Style for standard output. Width: that of the terminal, between 40 and 120 columns. Color: on a
/// terminal, unless $NO_COLOR is set or $TERM is "dumb". Block characters: in a UTF-8 locale.
[[nodiscard]] report::TextStyle output_style();

}  // namespace minima::app
