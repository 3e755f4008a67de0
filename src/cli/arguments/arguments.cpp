#include "cli/arguments/arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "app/embedded.h"
#include "core/error.h"
#include "core/text.h"
#include "data/source/source.h"
#include "run/setup/machine.h"

namespace minima::cli {

void ResourceArguments::add_to(CLI::App& command) {
  command.add_option("--jobs", jobs, "worker threads [the number of cores]")->type_name("N");
  add_memory_option(command, memory);
}

app::Resources ResourceArguments::parsed() const {
  return {.jobs = app::parse_jobs(jobs), .memory_limit = app::parse_memory(memory)};
}

void StudyArguments::add_to(CLI::App& command) {
  command.add_option("STUDY", study, "study file (TOML), or the word \"embedded\"")
      ->required()
      ->type_name("");
  command.add_option("--set", settings, "override a value of the study, such as train.epochs=5")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command.add_option("--data-dir", data_dir, "folder with datasets, searched first")
      ->type_name("DIR");
  resources.add_to(command);
  command.add_option("--shard", shard, "work on part I of N only")->type_name("I/N");
}

std::string StudyArguments::retrain_command(const std::string& store) const {
  std::string command = "minima run " + shell_word(study);
  for (const std::string& text : settings) command += " --set " + shell_word(text);
  if (!data_dir.empty()) command += " --data-dir " + shell_word(data_dir);
  if (!shard.empty()) command += " --shard " + shell_word(shard);
  return command + " --store " + shell_word(store) + " --retrain-missing";
}

std::string store_directory(const std::string& given, const study::Study& study) {
  return given.empty() ? study.name + ".minima" : given;
}

study::Study StudyArguments::read() const {
  std::vector<study::Override> overrides;
  for (const std::string& text : settings) overrides.push_back(study::parse_override(text));
  if (study == "embedded") return study::parse_study(app::kEmbeddedStudy, "embedded", overrides);
  return study::read_study(study, overrides);
}

std::optional<study::Shard> StudyArguments::parsed_shard() const {
  if (shard.empty()) return std::nullopt;
  return study::Shard::parse(shard);
}

run::Prepared StudyArguments::prepare(bool outlines) const {
  const std::optional<study::Shard> part = parsed_shard();
  const auto folders = app::data_folders(data_dir);
  const app::Resources limits = resources.parsed();
  const std::uint64_t most = app::memory_for_data(limits.memory_limit);
  const auto load = [folders, most, jobs = limits.jobs](const data::Source& source) {
    return data::load(source, folders, most, jobs);
  };
  const auto outline = [most](const data::Source& source) { return data::outline(source, most); };
  return run::prepare(read(), load, part, outlines ? run::Outliner(outline) : nullptr);
}

void add_memory_option(CLI::App& command, std::string& memory) {
  command.add_option("--memory", memory, "memory limit, such as 8GB [60%]")->type_name("SIZE");
}

void add_json_flag(CLI::App& command, bool& json) {
  command.add_flag("--json", json, "print one JSON document on standard output");
}

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

void add_variant_options(CLI::App& command, app::NetworkArguments& network) {
  command.add_option("--dataset", network.dataset, "dataset of the run, if the store has several")
      ->type_name("NAME");
  command.add_option("--sparsity", network.sparsity, "variant pruned to this target sparsity")
      ->type_name("S");
  command.add_option("--bits", network.bits, "variant with this many bits, or a format: ternary")
      ->type_name("B");
  command.add_option("--pruning", network.pruning, "pruning protocol, or part of its text")
      ->type_name("TEXT");
  command
      .add_option("--quantization", network.quantization,
                  "quantization protocol, part of its text, or `none`")
      ->type_name("TEXT");
  command.add_option("--set", network.settings, "the --set values given to minima run")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command.add_option("--data-dir", network.data_dir, "folder with datasets, searched first")
      ->type_name("DIR");
  command.add_flag("--verify", network.verify,
                   "fail if the dataset is not there to check the accuracy");
  // A negated flag ("!--no-card") would show as "--no-card{false}" in the help.
  command.add_flag_callback(
      "--no-card", [&network] { network.card = false; },
      "do not write a model card beside the network");
}

}  // namespace minima::cli
