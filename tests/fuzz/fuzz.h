// What the fuzz targets share. A target takes bytes that may be anything: it has to take them or to
// refuse them with an Error of one line; whatever else happens is a finding.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace minima::fuzz {

using Bytes = std::span<const std::uint8_t>;

/// The target of a program: defined once in each.
void try_input(Bytes bytes);

/// A folder of this process, in memory where there is such a place; removed at the end.
[[nodiscard]] const std::filesystem::path& scratch();

/// Replaces the file.
void write_file(const std::filesystem::path& path, std::string_view content);

[[nodiscard]] std::string text_of(Bytes bytes);

/// Takes the first byte of the input as a choice among `count`; 0 where there is none left.
[[nodiscard]] std::size_t take_choice(Bytes& bytes, std::size_t count);

/// Runs it; an input error of one line is a refusal and fine, one of the work as well. False: it
/// was refused. Anything else thrown leaves the function.
bool accepted(const std::function<void()>& action);

/// Ends the process with the text: what the libFuzzer takes for a finding.
void require(bool holds, const char* what);

}  // namespace minima::fuzz
