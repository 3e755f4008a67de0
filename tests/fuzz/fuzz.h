// Shared by the fuzz targets. A target gets arbitrary bytes. It must accept them or refuse them
// with a one-line Error; anything else is a finding.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace minima::fuzz {

using Bytes = std::span<const std::uint8_t>;

/// The target; each program defines it once.
void try_input(Bytes bytes);

/// A folder for this process, in memory if possible; removed at exit.
[[nodiscard]] const std::filesystem::path& scratch();

/// Replaces the file.
void write_file(const std::filesystem::path& path, std::string_view content);

[[nodiscard]] std::string text_of(Bytes bytes);

/// Consumes the first byte of the input as a choice among `count`; 0 if the input is empty.
[[nodiscard]] std::size_t take_choice(Bytes& bytes, std::size_t count);

/// Runs `action`. Returns false if it throws a one-line input or work error, which is a valid
/// refusal. Any other exception propagates.
bool accepted(const std::function<void()>& action);

/// Aborts the process with the text, which libFuzzer reports as a finding.
void require(bool holds, const char* what);

}  // namespace minima::fuzz
