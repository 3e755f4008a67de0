// The machine's resources that a command may use, and the folders with data, converted from the
// text of options.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "run/estimate/estimate.h"
#include "run/setup/prepare.h"

namespace minima::app {

/// An integer in `low`..`high`; otherwise an input error that names the option.
[[nodiscard]] std::int64_t parse_count(const std::string& option, const std::string& text,
                                       std::int64_t low, std::int64_t high);

/// Input error at `option`, with a suggestion: "--table: unknown table \"runz\"; did you mean
/// \"runs\"?". `what`: the kind of thing that has a name.
[[nodiscard]] Error unknown_name(const std::string& option, std::string_view what,
                                 const std::string& name, std::span<const std::string> known);

/// The dataset that --dataset names: by its whole name, or by the first word if no other begins
/// with it ("glyphs" for "glyphs train=4000"). Otherwise the error of unknown_name().
[[nodiscard]] std::string dataset_named(const std::string& name,
                                        const std::vector<std::string>& datasets);

/// The element of `table` with this name, or the error of unknown_name().
template <typename Table>
[[nodiscard]] const auto& element_named(const std::string& option, std::string_view what,
                                        const std::string& name, const Table& table) {
  std::vector<std::string> known;
  for (const auto& each : table) {
    if (each.name == name) return each;
    known.emplace_back(each.name);
  }
  throw unknown_name(option, what, name, known);
}

/// Number of worker threads; empty text: the number of cores of this machine.
[[nodiscard]] std::size_t parse_jobs(const std::string& text);

/// Bytes of memory, from a percentage of the machine's memory ("60%") or a size ("8GB", "500 MB",
/// "2GiB"); empty text: 60 %. Returns 0 for a percentage if the machine's memory is unknown.
[[nodiscard]] std::uint64_t parse_memory(const std::string& text);

/// Folders to search for data; input error if `data_dir` is given and is not a folder.
[[nodiscard]] std::vector<std::filesystem::path> data_folders(const std::string& data_dir);

/// Bytes that data may take of a limit for the whole program (0: unlimited).
[[nodiscard]] std::uint64_t memory_for_data(std::uint64_t limit);

/// The machine's resources that a command may use.
struct Resources {
  std::size_t jobs = 1;            ///< worker threads
  std::uint64_t memory_limit = 0;  ///< bytes; 0: unknown, unlimited
};

/// Cost of the study at `peak_gflops` of all jobs together. Input error at the study file if one of
/// its runs exceeds the memory limit.
[[nodiscard]] run::Estimate estimate_within(const run::Prepared& prepared,
                                            const Resources& resources, double peak_gflops);

}  // namespace minima::app
