// Arguments shared by several commands, converted from text to values.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/networks/export_network.h"
#include "app/resources.h"
#include "core/error.h"
#include "run/setup/prepare.h"
#include "study/file/study_file.h"
#include "study/plan/plan.h"

namespace minima::cli {

/// The options --jobs and --memory.
struct ResourceArguments {
  std::string jobs;
  std::string memory;

  void add_to(CLI::App& command);

  [[nodiscard]] app::Resources parsed() const;
};

/// A study and its execution options, for `plan` and `run`.
struct StudyArguments {
  std::string study;  ///< path, or "embedded"
  std::vector<std::string> settings;
  std::string data_dir;
  ResourceArguments resources;
  std::string shard;

  void add_to(CLI::App& command);

  /// The `minima run` command of this study with a store and --retrain-missing, quoted for a shell.
  [[nodiscard]] std::string retrain_command(const std::string& store) const;

  [[nodiscard]] study::Study read() const;
  [[nodiscard]] std::optional<study::Shard> parsed_shard() const;
  /// The study with its datasets described and its runs expanded. `outlines`: generated datasets
  /// are described without their images, which is enough to print a plan.
  [[nodiscard]] run::Prepared prepare(bool outlines = false) const;
};

/// The folder of a study's store: what the user gave with --store, or NAME.minima.
[[nodiscard]] std::string store_directory(const std::string& given, const study::Study& study);

/// The option --memory of commands that analyze a store.
void add_memory_option(CLI::App& command, std::string& memory);

/// The flag --json.
void add_json_flag(CLI::App& command, bool& json);

/// Joins the words of a dataset notation ("glyphs train=200").
[[nodiscard]] std::string joined(const std::vector<std::string>& words);

/// The options that name a variant of a network, and where its data are.
void add_variant_options(CLI::App& command, app::NetworkArguments& network);

}  // namespace minima::cli
