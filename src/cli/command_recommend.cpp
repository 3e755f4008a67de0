// minima recommend: the smallest network of a store that meets a demand.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

#include "analysis/recommend.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "cli/export_network.h"
#include "core/error.h"
#include "core/file.h"
#include "core/text.h"
#include "report/recommend_text.h"
#include "study/next_study.h"

namespace minima::cli {
namespace {

using analysis::Choice;
using analysis::Demand;
using analysis::Evidence;
using analysis::Recommendation;

constexpr std::size_t kArchitecturesOfNext = 3;

struct RecommendArguments {
  std::string store;
  std::string accuracy;
  std::string reliability = "0.5";
  std::string confidence = "0.95";
  std::string max_bytes;
  std::string max_parameters;
  std::string next;
  bool json = false;
};

double parse_share(const std::string& option, const std::string& text, bool may_be_bound) {
  const std::optional<double> number = parse_number(text);
  const bool inside = number && *number > 0.0 && *number < 1.0;
  if (inside || (may_be_bound && number && (*number == 0.0 || *number == 1.0))) return *number;
  throw input_error({option, ""}, fmt::format("\"{}\" is no share", printable(text, 60)),
                    may_be_bound ? "give a number of 0 to 1, such as 0.97"
                                 : "give a number between 0 and 1, such as 0.9");
}

Demand demand_of(const RecommendArguments& arguments) {
  constexpr std::int64_t kMost = std::int64_t{1} << 50;
  Demand demand{.accuracy = parse_share("--accuracy", arguments.accuracy, true),
                .reliability = parse_share("--reliability", arguments.reliability, false),
                .confidence = parse_share("--confidence", arguments.confidence, false)};
  if (!arguments.max_bytes.empty()) {
    demand.max_bytes =
        static_cast<double>(parse_count("--max-bytes", arguments.max_bytes, 1, kMost));
  }
  if (!arguments.max_parameters.empty()) {
    demand.max_parameters = parse_count("--max-parameters", arguments.max_parameters, 1, kMost);
  }
  return demand;
}

/// Writes down how a choice is exported.
class ExportCommands {
 public:
  ExportCommands(const store::Reader& store, std::string name,
                 const std::vector<store::VariantRow>& variants)
      : store_(store), name_(std::move(name)), variants_(variants) {
    if (name_.find_first_of(" '$&()") != std::string::npos) name_ = "\"" + name_ + "\"";
  }

  [[nodiscard]] std::string operator()(const Choice& choice) const {
    for (const std::string& run_id : choice.run_ids) {
      if (has_weights(run_id)) return command(choice, run_id);
    }
    return "";
  }

 private:
  [[nodiscard]] bool has_weights(const std::string& run_id) const {
    const auto [known, is_new] = kept_.try_emplace(run_id, false);
    if (is_new) known->second = !store_.weights(run_id).empty();
    return known->second;
  }

  [[nodiscard]] std::string command(const Choice& choice, const std::string& run_id) const {
    const bool in_integers = choice.arithmetic == "integer";
    std::string text = fmt::format("minima export {} {} --format {}", name_, run_id,
                                   in_integers ? "c" : "safetensors");
    NetworkArguments options;
    if (!choice.pruning.empty()) options.sparsity = shortest(choice.sparsity_asked);
    if (!choice.quantization.empty()) options.bits = choice.format;
    if (!options.sparsity.empty()) text += " --sparsity " + options.sparsity;
    if (!options.bits.empty()) text += " --bits " + options.bits;
    if (!is_one(run_id, options)) {
      if (!choice.pruning.empty()) text += fmt::format(" --pruning \"{}\"", choice.pruning);
      if (!choice.quantization.empty()) {
        text += fmt::format(" --quantization \"{}\"", choice.quantization);
      }
    }
    return text + (in_integers ? " -o net.c" : " -o net.safetensors");
  }

  [[nodiscard]] bool is_one(const std::string& run_id, const NetworkArguments& options) const {
    try {
      static_cast<void>(find_variant(variants_, run_id, options));
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  const store::Reader& store_;
  std::string name_;
  const std::vector<store::VariantRow>& variants_;
  mutable std::map<std::string, bool> kept_;
};

/// Architectures that the next study is about: where the demand was met, the best ones again; where
/// not, the nearest and those around it.
std::vector<std::string> next_architectures(const Recommendation& recommendation) {
  std::vector<std::string> names;
  for (const Choice& choice : recommendation.met) {
    if (names.size() == kArchitecturesOfNext) break;
    if (std::ranges::find(names, choice.architecture) == names.end()) {
      names.push_back(choice.architecture);
    }
  }
  if (!names.empty() || !recommendation.nearest) return names;
  const std::string& nearest = recommendation.nearest->architecture;
  names.push_back(nearest);
  const bool too_large = recommendation.too_large == recommendation.choices;
  for (std::string& each : too_large ? study::narrower(nearest) : study::wider(nearest)) {
    names.push_back(std::move(each));
  }
  return names;
}

/// The study that would settle it; empty where it is settled.
std::string next_study(const Recommendation& recommendation, const store::StudyRecord& study) {
  const auto& met = recommendation.met;
  if (!met.empty() && met.front().evidence == Evidence::shown) return "";
  study::NextStudy next{.name = study.name + "-next", .dataset = recommendation.dataset};
  next.architectures = next_architectures(recommendation);
  if (next.architectures.empty()) return "";
  next.replicates =
      static_cast<int>(analysis::replicates_to_show(recommendation.demand, recommendation.choices));
  return study::next_study_text(study.text, next);
}

/// The command with what it was given.
std::string command_of(const RecommendArguments& arguments) {
  std::string text =
      fmt::format("minima recommend {} --accuracy {}", arguments.store, arguments.accuracy);
  const RecommendArguments defaults;
  const auto add = [&text](const char* option, const std::string& given, const std::string& usual) {
    if (given != usual) text += fmt::format(" {} {}", option, given);
  };
  add("--reliability", arguments.reliability, defaults.reliability);
  add("--confidence", arguments.confidence, defaults.confidence);
  add("--max-bytes", arguments.max_bytes, defaults.max_bytes);
  add("--max-parameters", arguments.max_parameters, defaults.max_parameters);
  return text;
}

void print_text(const std::vector<Recommendation>& all, const ExportCommands& commands,
                const RecommendArguments& arguments, const std::string& next) {
  const report::TextStyle style = output_style();
  std::string text;
  for (const Recommendation& each : all) {
    text +=
        (text.empty() ? "" : "\n") + report::recommendation_text(each, std::cref(commands), style);
  }
  if (!next.empty() && arguments.next.empty()) {
    text += "\nA study that would tell more is written by\n  " + command_of(arguments) +
            " --next next.toml\n";
  }
  write_output(text);
}

void recommend(const RecommendArguments& arguments) {
  const Demand demand = demand_of(arguments);
  const auto store = store::open_reader(arguments.store);
  const analysis::Population population{.study = store->study(),
                                        .datasets = store->datasets(),
                                        .runs = store->runs(),
                                        .variants = store->variants()};
  const auto all = analysis::recommendations_of(population, demand);
  const ExportCommands commands(*store, arguments.store, population.variants);
  std::string next;
  for (const Recommendation& each : all) {
    if (next.empty()) next = next_study(each, population.study);
  }
  if (!arguments.next.empty()) {
    if (next.empty()) {
      throw input_error({"--next", ""}, "the demand is met, and shown to be",
                        "there is nothing to add");
    }
    write_file_atomically(arguments.next, next);
  }
  if (!arguments.json) return print_text(all, commands, arguments, next);
  report::Json document{{"study", population.study.name}, {"store", arguments.store}};
  document["datasets"] = report::Json::array();
  for (const Recommendation& each : all) {
    document["datasets"].push_back(report::recommendation_json(each, std::cref(commands)));
  }
  document["next_study"] = next.empty() ? report::Json(nullptr) : report::Json(next);
  write_output(report::document(document));
}

}  // namespace

void add_recommend(CLI::App& program) {
  auto arguments = std::make_shared<RecommendArguments>();
  CLI::App* command = program.add_subcommand(
      "recommend", "Name the smallest network of a store that meets a demand");
  command->add_option("STORE", arguments->store, "store written by minima run")
      ->required()
      ->type_name("");
  command->add_option("--accuracy", arguments->accuracy, "least accuracy, such as 0.97")
      ->required()
      ->type_name("A");
  command
      ->add_option("--reliability", arguments->reliability,
                   "share of replicates that is to reach it [0.5]")
      ->type_name("R");
  command->add_option("--confidence", arguments->confidence, "that it is so [0.95]")
      ->type_name("C");
  command->add_option("--max-bytes", arguments->max_bytes, "most bytes of packed weights")
      ->type_name("N");
  command->add_option("--max-parameters", arguments->max_parameters, "most parameters")
      ->type_name("N");
  command->add_option("--next", arguments->next, "write the study that would tell more")
      ->type_name("PATH");
  add_json_flag(*command, arguments->json);
  command->footer(
      "Examples:\n"
      "  minima recommend digits.minima --accuracy 0.97\n"
      "  minima recommend a.minima --accuracy 0.97 --reliability 0.9 --max-bytes 8000\n"
      "  minima recommend a.minima --accuracy 0.99 --next next.toml");
  command->callback([arguments] { recommend(*arguments); });
}

}  // namespace minima::cli
