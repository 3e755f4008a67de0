// Arguments shared by several commands, converted from text to values.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "run/estimate/estimate.h"
#include "run/setup/prepare.h"
#include "study/plan.h"
#include "study/study_file.h"

namespace minima::cli {

/// An integer in `low`..`high`; otherwise an input error that names the option.
[[nodiscard]] std::int64_t parse_count(const std::string& option, const std::string& text,
                                       std::int64_t low, std::int64_t high);

/// Input error at `option`, with a suggestion: "--table: unknown table \"runz\"; did you mean
/// \"runs\"?". `what`: the kind of thing that has a name.
[[nodiscard]] Error unknown_name(const std::string& option, std::string_view what,
                                 const std::string& name, std::span<const std::string> known);

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

/// The options --jobs and --memory.
struct ResourceArguments {
  std::string jobs;
  std::string memory;

  void add_to(CLI::App& command);

  [[nodiscard]] Resources parsed() const;
};

/// Cost of the study at `peak_gflops` of all jobs together. Input error at the study file if one of
/// its runs exceeds the memory limit.
[[nodiscard]] run::Estimate estimate_within(const run::Prepared& prepared,
                                            const Resources& resources, double peak_gflops);

/// A study and its execution options, for `plan` and `run`.
struct StudyArguments {
  std::string study;  ///< path, or "embedded"
  std::vector<std::string> settings;
  std::string data_dir;
  ResourceArguments resources;
  std::string shard;

  void add_to(CLI::App& command);

  [[nodiscard]] study::Study read() const;
  [[nodiscard]] std::optional<study::Shard> parsed_shard() const;
  /// The study with its datasets described and its runs expanded. `outlines`: generated datasets
  /// are described without their images, which is enough to print a plan.
  [[nodiscard]] run::Prepared prepare(bool outlines = false) const;
};

/// The option --memory of commands that analyze a store.
void add_memory_option(CLI::App& command, std::string& memory);

/// The flag --json.
void add_json_flag(CLI::App& command, bool& json);

/// Joins the words of a dataset notation ("glyphs train=200").
[[nodiscard]] std::string joined(const std::vector<std::string>& words);

}  // namespace minima::cli
