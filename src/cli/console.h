// The terminal, or what stands in its place.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string_view>

#include "report/style.h"

namespace minima::cli {

/// Thrown when the reader of standard output has closed its end (`| head`): there is nobody left to
/// tell anything.
struct OutputClosed {};

/// Writes to standard output now; throws OutputClosed, or a work error when it cannot be written.
void write_output(std::string_view text);

/// Writes to standard error; a failure is of no interest.
void write_log(std::string_view text);

[[nodiscard]] bool is_terminal(std::FILE* stream);

/// Columns of the terminal that `stream` is, else 80.
[[nodiscard]] std::size_t columns_of(std::FILE* stream);

/// For standard output: as wide as its terminal, between 80 and 120 columns; colour on a terminal
/// unless $NO_COLOR is set or $TERM is "dumb", blocks to draw with where the locale is UTF-8.
[[nodiscard]] report::TextStyle output_style();

}  // namespace minima::cli
