// minima recommend: finds the smallest network of a store that meets a demand.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include "analysis/recommend/recommend.h"
#include "app/analyses/analyses.h"
#include "app/analyses/analysis_memory.h"
#include "app/console.h"
#include "app/networks/export_network.h"
#include "app/resources.h"
#include "cli/arguments/arguments.h"
#include "cli/commands/commands.h"
#include "core/error.h"
#include "core/files/file.h"
#include "core/text.h"
#include "record/study.h"
#include "record/variant.h"
#include "report/recommend_text.h"
#include "report/screens/status_text.h"
#include "report/text/entry.h"
#include "report/text/style.h"
#include "study/file/devices.h"
#include "study/file/next_study.h"
#include "study/settings/limits.h"

namespace minima::cli {
namespace {

using analysis::Choice;
using analysis::Demand;
using analysis::Recommendation;

struct RecommendArguments {
  std::string store;
  std::string accuracy;
  std::string reliability = "0.5";
  std::string confidence = "0.95";
  std::string max_bytes;
  std::string max_parameters;
  std::string device;
  std::string devices;
  std::string dataset;
  std::string next;
  std::string memory;
  bool json = false;
};

double parse_share(const std::string& option, const std::string& text, bool may_be_bound) {
  const std::optional<double> number = parse_number(text);
  const bool inside = number && *number > 0.0 && *number < 1.0;
  if (inside || (may_be_bound && number && (*number == 0.0 || *number == 1.0))) return *number;
  throw input_error({option, ""}, fmt::format("invalid fraction \"{}\"", printable(text, 60)),
                    may_be_bound ? "give a number from 0 to 1, such as 0.97"
                                 : "give a number between 0 and 1, such as 0.9");
}

/// The device of --device, from the tables of minima and of --devices.
std::optional<study::Device> device_of(const RecommendArguments& arguments) {
  std::vector<study::Device> devices = study::known_devices();
  if (!arguments.devices.empty()) {
    constexpr std::size_t kMostBytes = std::size_t{1} << 20;
    const std::string text = read_file(arguments.devices, kMostBytes);
    for (study::Device& device : study::parse_devices(text, arguments.devices)) {
      devices.push_back(std::move(device));
    }
  }
  if (!arguments.device.empty()) return study::device_named(devices, arguments.device);
  if (arguments.devices.empty()) return std::nullopt;
  throw input_error({"--devices", ""}, "no device was chosen", "add --device NAME");
}

Demand demand_of(const RecommendArguments& arguments) {
  constexpr std::int64_t kMost = std::int64_t{1} << 50;
  Demand demand{.accuracy = parse_share("--accuracy", arguments.accuracy, true),
                .reliability = parse_share("--reliability", arguments.reliability, false),
                .confidence = parse_share("--confidence", arguments.confidence, false)};
  if (!arguments.max_bytes.empty()) {
    demand.max_bytes =
        static_cast<double>(app::parse_count("--max-bytes", arguments.max_bytes, 1, kMost));
  }
  if (!arguments.max_parameters.empty()) {
    demand.max_parameters =
        app::parse_count("--max-parameters", arguments.max_parameters, 1, kMost);
  }
  demand.device = device_of(arguments);
  return demand;
}

/// Builds the commands that export a choice.
class ExportCommands {
 public:
  ExportCommands(const store::Reader& store, std::string name,
                 const analysis::Population& population)
      : with_weights_(store.runs_with_weights()), name_(std::move(name)), population_(population) {}

  [[nodiscard]] std::optional<report::ChoiceExport> operator()(const Choice& choice) const {
    const analysis::ChoiceRun* run = run_to_export(choice);
    if (run == nullptr) return std::nullopt;
    return report::ChoiceExport{command(choice, run->id), *run, classes_of(choice, run->id)};
  }

  /// Looks up the accuracy per class of the first networks in `all`.
  void read_classes(const store::Reader& store, const analysis::Population& population,
                    const std::vector<Recommendation>& all) {
    std::set<analysis::NetworkKey> keys;
    for (const Recommendation& each : all) {
      if (each.met.empty()) continue;
      for (const Choice* choice :
           {&each.met.front(), each.smallest_shown(), each.smallest_in_c()}) {
        if (choice == nullptr) continue;
        if (const auto* run = run_to_export(*choice)) keys.insert(key_of(*choice, run->id));
      }
    }
    if (keys.empty()) return;
    classes_ = analysis::network_classes(population, analysis::outcomes_in(store), keys,
                                         all.front().demand.confidence);
  }

 private:
  /// The first of its runs whose weights were kept; null: none.
  [[nodiscard]] const analysis::ChoiceRun* run_to_export(const Choice& choice) const {
    const auto found = std::ranges::find_if(choice.runs, [this](const auto& run) {
      return std::ranges::binary_search(with_weights_, run.id);
    });
    return found == choice.runs.end() ? nullptr : &*found;
  }

  static analysis::NetworkKey key_of(const Choice& choice, const std::string& run_id) {
    return {run_id, choice.pruning, choice.sparsity_asked, choice.quantization, choice.format};
  }

  [[nodiscard]] std::optional<analysis::NetworkClasses> classes_of(
      const Choice& choice, const std::string& run_id) const {
    const auto found = classes_.find(key_of(choice, run_id));
    return found == classes_.end() ? std::nullopt : std::optional(found->second);
  }

  [[nodiscard]] std::string command(const Choice& choice, const std::string& run_id) const {
    std::string text = fmt::format("minima export {} {} --format {}", shell_word(name_),
                                   shell_word(run_id), choice.is_integer() ? "c" : "safetensors");
    app::NetworkArguments options;
    if (!choice.pruning.empty()) options.sparsity = shortest(choice.sparsity_asked);
    if (!choice.quantization.empty()) options.bits = choice.format.text();
    if (!options.sparsity.empty()) text += " --sparsity " + shell_word(options.sparsity);
    if (!options.bits.empty()) text += " --bits " + shell_word(options.bits);
    if (!is_one(run_id, options)) {
      if (!choice.pruning.empty()) text += " --pruning " + shell_word(choice.pruning);
      if (!choice.quantization.empty()) {
        text += " --quantization " + shell_word(choice.quantization);
      }
    }
    return text + " -o " + file_stem(run_id) + (choice.is_integer() ? ".c" : ".safetensors");
  }

  /// "net", or "net_glyphs" if the networks of several datasets may be exported.
  [[nodiscard]] std::string file_stem(const std::string& run_id) const {
    std::vector<std::string> names;
    for (const auto& dataset : population_.datasets) names.push_back(dataset.name);
    const auto run = std::ranges::find(population_.runs, run_id, &record::RunRow::id);
    if (names.size() < 2 || run == population_.runs.end()) return "net";
    std::string stem = "net_" + report::dataset_label(run->dataset, names);
    for (char& c : stem) {
      if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
    }
    return stem;
  }

  [[nodiscard]] bool is_one(const std::string& run_id, const app::NetworkArguments& options) const {
    return !options.names_variant() ||
           app::matching_variants(population_.variants, run_id, options).size() == 1;
  }

  std::vector<std::string> with_weights_;
  std::map<analysis::NetworkKey, analysis::NetworkClasses> classes_;
  std::string name_;
  const analysis::Population& population_;
};

/// If nothing meets the demand, networks around the nearest one are also worth a try.
void add_neighbours(const Recommendation& recommendation, std::vector<std::string>& names) {
  if (!recommendation.met.empty() || !recommendation.nearest) return;
  const std::string nearest = recommendation.nearest->architecture;
  const bool too_large = recommendation.too_large == recommendation.choices;
  for (std::string& each : too_large ? study::narrower(nearest) : study::wider(nearest)) {
    names.push_back(std::move(each));
  }
}

/// A study to answer the open questions.
struct Next {
  std::string text;     ///< empty: there is none
  std::string problem;  ///< why there is none; empty: the demand is demonstrably met
  std::string hint = {};
  std::string summary = {};              ///< what the study would train
  std::vector<std::string> others = {};  ///< datasets that it leaves out, although they need runs
};

/// Leaves room for the neighbours that add_neighbours() may add.
std::optional<analysis::NextRuns> next_runs(const Recommendation& recommendation) {
  constexpr std::int64_t kMostNeighbours = 2;
  return analysis::next_runs(recommendation, study::kMaxRuns / (1 + kMostNeighbours));
}

/// Whether a study of new runs could answer what this dataset leaves open.
bool is_open(const Recommendation& recommendation) {
  const auto runs = next_runs(recommendation);
  return runs && runs->runs;
}

Next next_study(const Recommendation& recommendation, const record::StudyRecord& study,
                std::vector<std::string> others) {
  auto runs = next_runs(recommendation);
  const bool has_choices = !recommendation.met.empty() || recommendation.nearest;
  if (!runs && !has_choices) {
    return {.text = "",
            .problem = printable(recommendation.dataset) + ": no run has been recorded",
            .hint = "run the study first"};
  }
  if (!runs) return {};
  if (!runs->runs) {
    return {.text = "",
            .problem = fmt::format("{}: no study of at most {} runs can show a reliability of {}",
                                   printable(recommendation.dataset), grouped(study::kMaxRuns),
                                   shortest(recommendation.demand.reliability)),
            .hint = "use a lower --reliability"};
  }
  add_neighbours(recommendation, runs->architectures);
  const study::NextStudy next{.name = study.name + "-next",
                              .dataset = recommendation.dataset,
                              .training = study.train,
                              .replicates = static_cast<int>(runs->runs->replicates),
                              .architectures = runs->architectures,
                              .pruning = runs->pruning,
                              .quantization = runs->quantization,
                              .others = others};
  std::string summary = fmt::format(
      "{} of {} on {}", report::counted(next.replicates, "new replicate"),
      report::counted(static_cast<std::int64_t>(next.architectures.size()), "architecture"),
      printable(recommendation.dataset));
  if (runs->sequences > 1) {
    summary +=
        fmt::format("; they are enough to test {} sequences of choices at once", runs->sequences);
  }
  return {.text = study::next_study_text(study.text, next),
          .problem = "",
          .summary = std::move(summary),
          .others = std::move(others)};
}

/// For the first dataset with an open question. The datasets differ in the architectures and the
/// number of replicates that they need, and a study has the same for all of its datasets.
Next next_study(const std::vector<Recommendation>& all, const record::StudyRecord& study) {
  const auto open = std::ranges::find_if(all, is_open);
  if (open != all.end()) {
    std::vector<std::string> others;
    for (auto each = open + 1; each != all.end(); ++each) {
      if (is_open(*each)) others.push_back(each->dataset);
    }
    return next_study(*open, study, std::move(others));
  }
  Next first;
  for (const Recommendation& each : all) {
    if (first.problem.empty()) first = next_study(each, study, {});
  }
  return first;
}

bool is_on_output(const std::string& next) {
  return !next.empty() && app::is_standard_output(next);
}

/// Writes the study, but never overwrites a file from another source.
void write_next(const std::string& path, const Next& next) {
  if (next.text.empty()) {
    if (!next.problem.empty()) {
      throw work_error({"--next", ""}, next.problem, next.hint);
    }
    throw input_error({"--next", ""}, "the demand is already shown to be met",
                      "no further runs are needed");
  }
  if (!is_on_output(path) && std::filesystem::is_regular_file(path) &&
      !read_file(path).starts_with(study::kNextStudyMark)) {
    throw input_error({path, ""}, "exists and was not written by minima recommend --next",
                      "give another path, or remove the file");
  }
  app::write_named_file(path, next.text);
}

/// The command with its arguments.
std::string command_of(const RecommendArguments& arguments) {
  std::string text = fmt::format("minima recommend {} --accuracy {}", shell_word(arguments.store),
                                 shell_word(arguments.accuracy));
  const RecommendArguments defaults;
  const auto add = [&text](const char* option, const std::string& given, const std::string& usual) {
    if (given != usual) text += fmt::format(" {} {}", option, shell_word(given));
  };
  add("--reliability", arguments.reliability, defaults.reliability);
  add("--confidence", arguments.confidence, defaults.confidence);
  add("--max-bytes", arguments.max_bytes, defaults.max_bytes);
  add("--max-parameters", arguments.max_parameters, defaults.max_parameters);
  add("--device", arguments.device, defaults.device);
  add("--devices", arguments.devices, defaults.devices);
  if (!arguments.dataset.empty()) text += " --dataset " + shell_word(arguments.dataset);
  return text;
}

/// "" if the new study covers every dataset that needs one.
std::string left_out_text(const Next& next, const report::TextStyle& style) {
  std::string text;
  for (const std::string& each : next.others) {
    text += report::entry(text.empty() ? "left out" : "",
                          printable(each) + ": repeat with --dataset " + shell_word(each), style);
  }
  return text;
}

void print_text(const std::vector<Recommendation>& all, const ExportCommands& commands,
                const RecommendArguments& arguments, const Next& next, const std::string& changed) {
  const report::TextStyle style = app::output_style();
  std::string text;
  for (const Recommendation& each : all) {
    text +=
        (text.empty() ? "" : "\n") + report::recommendation_text(each, std::cref(commands), style);
  }
  if (!next.text.empty() && arguments.next.empty()) {
    text += "\nFor stronger evidence, write a study of new runs with\n  " + command_of(arguments) +
            " --next next.toml\n";
  }
  if (!next.text.empty() && !arguments.next.empty() && !is_on_output(arguments.next)) {
    text += "\n" + report::entry("new study", arguments.next + ": " + next.summary, style) +
            report::entry("train it", "minima run " + shell_word(arguments.next), style) +
            left_out_text(next, style);
  }
  // Not on standard error, because check_met() prints one line there if nothing meets the
  // demand.
  if (!changed.empty()) {
    text += "\n" + report::changed_values_text(changed, arguments.store) + "\n";
  }
  app::write_screen(text);
}

void print_json(const std::vector<Recommendation>& all, const ExportCommands& commands,
                const RecommendArguments& arguments, const record::StudyRecord& study,
                const Next& next, const std::string& changed) {
  report::Json document{{"study", study.name}, {"store", arguments.store}};
  document["datasets"] = report::Json::array();
  for (const Recommendation& each : all) {
    document["datasets"].push_back(report::recommendation_json(each, std::cref(commands)));
  }
  document["changed_values"] = changed;
  document["next_study"] = next.text.empty() ? report::Json(nullptr) : report::Json(next.text);
  document["next_study_leaves_out"] = next.others;
  app::write_output(report::document(document));
}

/// An error with exit code 1, so that scripts notice it.
void check_met(const std::vector<Recommendation>& all) {
  for (const Recommendation& each : all) {
    if (each.met.empty()) {
      throw work_error({}, report::nothing_text(each),
                       "ask for less, or try larger networks: --next writes a study with them");
    }
  }
}

/// Keeps only one dataset of the population, if one is requested.
void keep_dataset(analysis::Population& population, const std::string& asked) {
  if (asked.empty()) return;
  std::vector<std::string> names;
  for (const record::DatasetRecord& each : population.datasets) names.push_back(each.name);
  const std::string wanted = app::dataset_named(asked, names);
  std::erase_if(population.datasets, [&](const auto& each) { return each.name != wanted; });
}

void recommend(const RecommendArguments& arguments) {
  const Demand demand = demand_of(arguments);
  if (arguments.json && is_on_output(arguments.next)) {
    throw input_error({"--next", ""}, "--json already uses standard output",
                      "name a file, or read the key next_study");
  }
  const auto store = store::open_reader(arguments.store);
  app::check_analyses_fit(*store, arguments.store, app::parse_memory(arguments.memory));
  analysis::Population population = analysis::population_to_choose_from(*store);
  keep_dataset(population, arguments.dataset);
  const auto all =
      analysis::recommendations_of(population, demand, app::stored_settings(population.study));
  ExportCommands commands(*store, arguments.store, population);
  commands.read_classes(*store, population, all);
  const Next next = next_study(all, population.study);
  if (!arguments.next.empty()) write_next(arguments.next, next);
  const std::string changed = store->changed_values();
  if (arguments.json) {
    print_json(all, commands, arguments, population.study, next, changed);
  } else if (!is_on_output(arguments.next)) {
    print_text(all, commands, arguments, next, changed);
  }
  check_met(all);
}

}  // namespace

void add_recommend(CLI::App& program) {
  auto arguments = std::make_shared<RecommendArguments>();
  CLI::App* command = program.add_subcommand(
      "recommend", "Find the smallest network of a store that reaches an accuracy");
  command->add_option("STORE", arguments->store, "store written by minima run")
      ->required()
      ->type_name("");
  command->add_option("--accuracy", arguments->accuracy, "minimum accuracy, such as 0.97")
      ->required()
      ->type_name("A");
  command
      ->add_option("--reliability", arguments->reliability,
                   "minimum fraction of trainings that reach it [0.5]")
      ->type_name("R");
  command->add_option("--confidence", arguments->confidence, "confidence level [0.95]")
      ->type_name("C");
  command
      ->add_option("--max-bytes", arguments->max_bytes,
                   "maximum size of the packed weights in bytes")
      ->type_name("N");
  command->add_option("--max-parameters", arguments->max_parameters, "maximum number of parameters")
      ->type_name("N");
  command
      ->add_option("--device", arguments->device,
                   "its C program fits this microcontroller, by estimates")
      ->type_name("NAME");
  command->add_option("--devices", arguments->devices, "TOML file with more devices for --device")
      ->type_name("FILE");
  command->add_option("--dataset", arguments->dataset, "only this dataset of the store [all]")
      ->type_name("NAME");
  command->add_option("--next", arguments->next, "write a study of new runs for more evidence")
      ->type_name("PATH");
  add_memory_option(*command, arguments->memory);
  add_json_flag(*command, arguments->json);
  command->footer(
      "The answer is on standard output. docs/deployment.md explains its lines.\nExit codes: 0 "
      "found, 1 no network of some dataset meets the demand.\nExamples:\n  minima recommend "
      "digits.minima --accuracy 0.97\n"
      "  minima recommend a.minima --accuracy 0.97 --reliability 0.9 --max-bytes 8000\n"
      "  minima recommend a.minima --accuracy 0.9 --device atmega328p\n"
      "  minima recommend a.minima --accuracy 0.99 --next next.toml");
  command->callback([arguments] { recommend(*arguments); });
}

}  // namespace minima::cli
