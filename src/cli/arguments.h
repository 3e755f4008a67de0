// What several commands take, from the text on the command line to values.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "run/estimate/estimate.h"
#include "run/setup/prepare.h"
#include "study/plan.h"
#include "study/study_file.h"

namespace minima::cli {

/// Whole number in `low`..`high`; an input error naming the option otherwise.
[[nodiscard]] std::int64_t parse_count(const std::string& option, const std::string& text,
                                       std::int64_t low, std::int64_t high);

/// Number of worker threads; empty text: the cores of this machine.
[[nodiscard]] std::size_t parse_jobs(const std::string& text);

/// Bytes of memory: a share of the machine's ("60%") or a size ("8GB", "500 MB", "2GiB"); empty
/// text: 60 %. 0 where the machine's memory is unknown and a share is asked for.
[[nodiscard]] std::uint64_t parse_memory(const std::string& text);

/// Folders searched for data; an input error when `data_dir` is given and is no folder.
[[nodiscard]] std::vector<std::filesystem::path> data_folders(const std::string& data_dir);

/// Bytes of memory that data may take, of a limit of the whole program (0: none).
[[nodiscard]] std::uint64_t memory_for_data(std::uint64_t limit);

/// What a command may use of the machine.
struct Resources {
  std::size_t jobs = 1;            ///< worker threads
  std::uint64_t memory_limit = 0;  ///< bytes; 0: unknown, no limit
};

/// Options --jobs and --memory.
struct ResourceArguments {
  std::string jobs;
  std::string memory;

  void add_to(CLI::App& command);

  [[nodiscard]] Resources parsed() const;
};

/// What the study costs on `peak_gflops` of all jobs together; an input error at the study file
/// when one of its runs does not fit into the memory limit.
[[nodiscard]] run::Estimate estimate_within(const run::Prepared& prepared,
                                            const Resources& resources, double peak_gflops);

/// A study and how to carry it out, as `plan` and `run` take it.
struct StudyArguments {
  std::string study;  ///< path, or "embedded"
  std::vector<std::string> settings;
  std::string data_dir;
  ResourceArguments resources;
  std::string shard;

  void add_to(CLI::App& command);

  [[nodiscard]] study::Study read() const;
  [[nodiscard]] std::optional<study::Shard> parsed_shard() const;
  /// The study with its datasets described and its runs expanded. `outlines`: generated
  /// datasets are described without drawing their images, which is enough to print a plan.
  [[nodiscard]] run::Prepared prepare(bool outlines = false) const;
};

/// An option --memory, of commands that analyse a store.
void add_memory_option(CLI::App& command, std::string& memory);

/// A flag --json.
void add_json_flag(CLI::App& command, bool& json);

/// Words of a dataset notation ("glyphs train=200") as one text.
[[nodiscard]] std::string joined(const std::vector<std::string>& words);

}  // namespace minima::cli
