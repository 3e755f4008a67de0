#include "cli/arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/embedded.h"
#include "core/error.h"
#include "core/text.h"
#include "data/source.h"
#include "run/machine.h"

namespace minima::cli {
namespace {

constexpr std::int64_t kMostJobs = 1024;

}  // namespace

std::int64_t parse_count(const std::string& option, const std::string& text, std::int64_t low,
                         std::int64_t high) {
  const std::optional<std::int64_t> value = parse_integer(text);
  const std::string mend = fmt::format("give a whole number from {} to {}", low, high);
  if (!value) throw input_error({option, ""}, fmt::format("\"{}\" is no whole number", text), mend);
  if (*value < low || *value > high) {
    throw input_error({option, ""}, fmt::format("{} is out of range", text), mend);
  }
  return *value;
}

std::size_t parse_jobs(const std::string& text) {
  if (text.empty()) return static_cast<std::size_t>(run::this_machine().cores);
  return static_cast<std::size_t>(parse_count("--jobs", text, 1, kMostJobs));
}

std::vector<std::filesystem::path> data_folders(const std::string& data_dir) {
  std::error_code error;
  if (!data_dir.empty() && !std::filesystem::is_directory(data_dir, error)) {
    throw input_error({"--data-dir", ""}, fmt::format("{} is no folder", data_dir),
                      "name the folder that holds the data sets");
  }
  return data::search_path(data_dir);
}

void StudyArguments::add_to(CLI::App& command) {
  command.add_option("STUDY", study, "study file (TOML), or the word \"embedded\"")
      ->required()
      ->type_name("");
  command.add_option("--set", settings, "override a value of the study: train.epochs=5")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command.add_option("--data-dir", data_dir, "folder with data sets, searched first")
      ->type_name("DIR");
  command.add_option("--jobs", jobs, "worker threads [the number of cores]")->type_name("N");
  command.add_option("--shard", shard, "only the I-th of N parts of the runs")->type_name("I/N");
}

study::Study StudyArguments::read() const {
  std::vector<study::Override> overrides;
  for (const std::string& text : settings) overrides.push_back(study::parse_override(text));
  if (study == "embedded") return study::parse_study(kEmbeddedStudy, "embedded", overrides);
  return study::read_study(study, overrides);
}

std::optional<study::Shard> StudyArguments::parsed_shard() const {
  if (shard.empty()) return std::nullopt;
  return study::Shard::parse(shard);
}

run::Prepared StudyArguments::prepare() const {
  const std::optional<study::Shard> part = parsed_shard();
  const auto folders = data_folders(data_dir);
  const auto load = [folders](const data::Source& source) { return data::load(source, folders); };
  return run::prepare(read(), load, part);
}

void add_json_flag(CLI::App& command, bool& json) {
  command.add_flag("--json", json, "print one JSON document on standard output");
}

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace minima::cli
