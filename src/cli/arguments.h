// What several commands take, from the text on the command line to values.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "run/prepare.h"
#include "study/plan.h"
#include "study/study_file.h"

namespace minima::cli {

/// Whole number in `low`..`high`; an input error naming the option otherwise.
[[nodiscard]] std::int64_t parse_count(const std::string& option, const std::string& text,
                                       std::int64_t low, std::int64_t high);

/// Number of worker threads; empty text: the cores of this machine.
[[nodiscard]] std::size_t parse_jobs(const std::string& text);

/// Folders searched for data; an input error when `data_dir` is given and is no folder.
[[nodiscard]] std::vector<std::filesystem::path> data_folders(const std::string& data_dir);

/// A study and how to carry it out, as `plan` and `run` take it.
struct StudyArguments {
  std::string study;  ///< path, or "embedded"
  std::vector<std::string> settings;
  std::string data_dir;
  std::string jobs;
  std::string shard;

  void add_to(CLI::App& command);

  [[nodiscard]] study::Study read() const;
  [[nodiscard]] std::optional<study::Shard> parsed_shard() const;
  /// The study with its datasets described and its runs expanded.
  [[nodiscard]] run::Prepared prepare() const;
};

/// A flag --json.
void add_json_flag(CLI::App& command, bool& json);

/// Words of a dataset notation ("glyphs train=200") as one text.
[[nodiscard]] std::string joined(const std::vector<std::string>& words);

}  // namespace minima::cli
