#include "report/recommend_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/text.h"
#include "report/text/entry.h"
#include "report/text/text_table.h"
#include "statistics/estimates/wilson.h"

namespace minima::report {
namespace {

using analysis::Choice;
using analysis::ChoiceEvidence;
using analysis::Demand;
using analysis::FollowUp;
using analysis::Recommendation;

constexpr std::size_t kRows = 5;

std::string accuracy_text(const AccuracySummary& accuracy) {
  if (!accuracy.sd) return fmt::format("{:.3f}", accuracy.mean);
  return fmt::format("{:.3f} +- {:.3f}", accuracy.mean, *accuracy.sd);
}

std::string demand_text(const Recommendation& from) {
  const Demand& demand = from.demand;
  std::string text = fmt::format("{}: accuracy {} or better in at least {} % of replicates",
                                 printable(from.dataset), shortest(demand.accuracy),
                                 percent_text(demand.reliability));
  if (demand.max_bytes) text += fmt::format(", at most {}", bytes_text(*demand.max_bytes));
  if (demand.max_parameters) {
    text += fmt::format(", at most {} parameters", grouped(*demand.max_parameters));
  }
  if (demand.device) text += fmt::format(", on {}", printable(demand.device->name, 60));
  return text;
}

std::string met_text(std::int64_t met, const Choice& choice, const Demand& demand) {
  return fmt::format("{} of {} at {} or better", met, counted(choice.replicates, "replicate"),
                     shortest(demand.accuracy));
}

/// Replicates that reach the demand on the selection images.
std::string chosen_met_text(const Choice& choice, const Recommendation& from) {
  return met_text(choice.met, choice, from.demand) +
         (from.validation_images > 0 ? " on validation images" : "");
}

/// The recommended choice and its test accuracy.
std::string use_text(const Choice& choice, const Recommendation& from) {
  return fmt::format("{}: {}{}, {}", name_of(choice), accuracy_text(choice.test.accuracy),
                     from.validation_images > 0 ? " on test images" : "",
                     met_text(choice.test.met, choice, from.demand));
}

/// A warning if the images that played no part in the choice contradict it.
std::string contradiction_text(const Choice& choice, const Recommendation& from,
                               const TextStyle& style) {
  const double needed = from.demand.reliability * static_cast<double>(choice.replicates);
  const bool is_met = static_cast<double>(choice.test.met) >= needed - 1e-9;
  if (from.validation_images == 0 || is_met) return "";
  return entry("note",
               fmt::format("the test images contradict this choice: there, fewer than {} % of its "
                           "replicates reach {}",
                           percent_text(from.demand.reliability), shortest(from.demand.accuracy)),
               style);
}

std::string cost_text(const Choice& choice) {
  std::string text =
      fmt::format("{}, {}", bytes_text(choice.bytes), counted(choice.parameters, "parameter"));
  if (choice.multiply_adds)
    text += fmt::format(", {} multiply-adds", grouped(*choice.multiply_adds));
  if (choice.ram_bytes) {
    return text + fmt::format(", {} of RAM", bytes_text(static_cast<double>(*choice.ram_bytes)));
  }
  return text + "; no C program, because its arithmetic is not all in integers";
}

/// "12 ms", "0.35 ms"; the digits that an estimate deserves.
std::string milliseconds_text(double milliseconds) {
  return brief(milliseconds) + " ms";
}

/// What a choice takes of the device, in estimates; empty: there is no device or no C program.
std::string device_text(const Choice& choice, const Recommendation& from, const TextStyle& style) {
  if (!from.demand.device || !choice.device) return "";
  const study::Device& device = *from.demand.device;
  const auto of = [](std::int64_t used, std::int64_t all) {
    return fmt::format("{} of {}", bytes_text(static_cast<double>(used)),
                       bytes_text(static_cast<double>(all)));
  };
  return entry(
      "estimated",
      fmt::format("on {}: flash {} with the code, RAM {} with the image, {} a prediction at "
                  "{} MHz",
                  printable(device.name, 60), of(choice.device->flash_bytes, device.flash_bytes),
                  of(choice.device->ram_bytes, device.ram_bytes),
                  milliseconds_text(choice.device->milliseconds), shortest(device.megahertz)),
      style);
}

/// Which images were used for selection, and how that affects the accuracy.
std::string chosen_text(const Recommendation& from, const Choice& choice) {
  if (from.validation_images == 0) {
    return "on the test images themselves, so the accuracies are a little too high. To choose on "
           "other images, train on \"" +
           printable(from.dataset) + " validation_share=0.1\"";
  }
  return fmt::format(
      "on {} validation images: {}, {}. The accuracy above is that of the test images, which "
      "played no part in the choice",
      grouped(from.validation_images), accuracy_text(choice.accuracy),
      met_text(choice.met, choice, from.demand));
}

std::string confidence_text(const Demand& demand) {
  return fmt::format("{} % confidence", percent_text(demand.confidence));
}

/// The result that new runs would need.
std::string follow_up_text(const std::optional<FollowUp>& follow_up) {
  if (!follow_up) return "no study within the limits of minima could show it";
  return fmt::format("{} of this choice alone would show it if {} of them do",
                     counted(follow_up->replicates, "new replicate"), follow_up->needed);
}

std::string evidence_text(const Choice& choice, const Recommendation& from) {
  if (choice.evidence == ChoiceEvidence::shown) {
    return fmt::format(
        "shown: with {}, a new replicate reaches it with a probability of at least {}",
        confidence_text(from.demand), shortest(from.demand.reliability));
  }
  if (!choice.has_all_runs) {
    return "not shown: it was tried only on runs that were selected by their results";
  }
  const std::string luck = from.choices > 1
                               ? fmt::format(", which may be luck, because it was chosen from {}",
                                             counted(from.choices, "choice"))
                               : "";
  return fmt::format("not shown: {}{}; {}", chosen_met_text(choice, from), luck,
                     follow_up_text(from.follow_up));
}

std::string larger_text(double times) {
  constexpr double kNoticeable = 1.005;
  if (times < kNoticeable) return "equally large";
  if (times < 1.95) return fmt::format("{:.0f} % larger", 100.0 * (times - 1.0));
  return brief(times) + " times as large";
}

/// The smallest choice shown to meet the demand, if the smallest one of all is not.
std::string shown_text(const Recommendation& from) {
  if (const Choice* shown = from.smallest_shown()) {
    return fmt::format("{}: {}, {}; {}", name_of(*shown), bytes_text(shown->bytes),
                       larger_text(shown->bytes / std::max(from.met.front().bytes, 1.0)),
                       chosen_met_text(*shown, from));
  }
  if (from.tested_sequences > 0) {
    return fmt::format("no network; these replicates suffice to test only {} of {} of networks",
                       from.tested_sequences, counted(from.sequences, "sequence"));
  }
  const double least =
      std::ceil(std::log(1.0 - from.demand.confidence) / std::log(from.demand.reliability) - 1e-9);
  return fmt::format("no network; this needs at least {:.0f} replicates of one network", least);
}

/// The accuracy of the one network that is exported.
std::string run_text(const ChoiceExport& exported, const Recommendation& from) {
  const double accuracy = exported.run.test_accuracy;
  const auto right = std::llround(accuracy * static_cast<double>(from.test_images));
  const ProportionInterval interval =
      wilson_interval(right, std::max<std::int64_t>(from.test_images, 1), from.demand.confidence);
  return fmt::format("run {}: {:.3f} on {} test images, {} % interval {:.3f} to {:.3f} (Wilson)",
                     exported.run.id, accuracy, grouped(from.test_images),
                     percent_text(from.demand.confidence), interval.low, interval.high);
}

/// The worst class of the exported network, which an overall accuracy may hide.
std::string classes_text(const analysis::NetworkClasses& classes, const Recommendation& from) {
  std::string text = fmt::format("balanced accuracy {:.3f}", classes.balanced);
  if (classes.worst_class.empty()) return text;
  return text + fmt::format("; worst class {}: {:.3f} of {}, {} % interval {:.3f} to {:.3f}",
                            printable(classes.worst_class, 40), classes.worst,
                            counted(classes.worst_images, "image"),
                            percent_text(from.demand.confidence), classes.worst_low,
                            classes.worst_high);
}

/// Numbers protocols in order of appearance ("P1", "Q1") and explains the numbers.
class Legend {
 public:
  std::string marks_of(const Choice& choice) {
    std::string marks = mark('P', choice.pruning, pruning_);
    const std::string second = mark('Q', choice.quantization, quantization_);
    return marks + (marks.empty() || second.empty() ? "" : " ") + second;
  }

  [[nodiscard]] std::string text(const TextStyle& style) const {
    std::string text;
    for (std::size_t i = 0; i < pruning_.size(); ++i) {
      text += entry(fmt::format("  P{}", i + 1), "pruned by " + pruning_[i], style);
    }
    for (std::size_t i = 0; i < quantization_.size(); ++i) {
      text += entry(fmt::format("  Q{}", i + 1), "quantized by " + quantization_[i], style);
    }
    return text;
  }

 private:
  static std::string mark(char letter, const std::string& protocol,
                          std::vector<std::string>& known) {
    if (protocol.empty()) return "";
    auto found = std::ranges::find(known, protocol);
    if (found == known.end()) found = known.insert(known.end(), protocol);
    return fmt::format("{}{}", letter, found - known.begin() + 1);
  }

  std::vector<std::string> pruning_;
  std::vector<std::string> quantization_;
};

std::string table_text(const Recommendation& from, const TextStyle& style) {
  // With a device, its time replaces the number of multiply-adds, so that the line stays as short.
  const bool on_device = from.demand.device.has_value();
  TextTable table({{"  network", Align::left},
                   {"by", Align::left},
                   {"bytes"},
                   {on_device ? "est. time" : "MAC"},
                   {"RAM"},
                   {from.validation_images > 0 ? "validation" : "accuracy"},
                   {"met"},
                   {"evidence", Align::left}});
  Legend legend;
  bool all_in_c = true;
  const std::size_t rows = std::min(kRows, from.met.size());
  for (std::size_t i = 0; i < rows; ++i) {
    const Choice& choice = from.met[i];
    const auto ram = choice.ram_bytes;
    all_in_c = all_in_c && ram.has_value();
    table.add({"  " + name_of(choice), legend.marks_of(choice), bytes_text(choice.bytes),
               on_device && choice.device           ? milliseconds_text(choice.device->milliseconds)
               : choice.multiply_adds && !on_device ? grouped(*choice.multiply_adds)
                                                    : "-",
               ram ? bytes_text(static_cast<double>(*ram)) : "-",
               fmt::format("{:.3f}", choice.accuracy.mean),
               fmt::format("{}/{}", choice.met, choice.replicates), word_text(choice.evidence)});
    if (i == 0) table.highlight();
  }
  std::string text = table.text(style) + legend.text(style);
  if (!all_in_c) text += entry("  RAM -", "no C program: safetensors or ONNX only", style);
  if (from.met.size() > kRows) {
    text += fmt::format("  ... and {} larger ones (--json lists them)\n", from.met.size() - kRows);
  }
  return text;
}

/// A note on a demand that predicting the largest class already meets.
std::string nothing_asked(const Recommendation& from, const TextStyle& style) {
  if (!from.asks_for_nothing()) return "";
  const std::string what =
      from.largest_class.empty() ? "the largest class" : fmt::format("\"{}\"", from.largest_class);
  return entry("note",
               fmt::format("always predicting {} reaches {:.3f}, so ask for more. Only networks "
                           "that are better than this count below",
                           what, from.majority_share),
               style);
}

std::string export_text(const Choice& choice, const Recommendation& from, const ExportOf& export_of,
                        const TextStyle& style) {
  const std::optional<ChoiceExport> exported = export_of(choice);
  if (!exported) {
    return entry("export",
                 "the store has no weights of a run of this choice that meets the demand; `minima "
                 "run STUDY --set study.weights=all --retrain-missing` adds them",
                 style);
  }
  // Not wrapped, so that the command can be copied.
  std::string text = fmt::format("{:<12}{}\n", "export", exported->command) +
                     entry("exported", run_text(*exported, from), style);
  if (exported->classes) text += entry("classes", classes_text(*exported->classes, from), style);
  return text;
}

/// The smallest choice that exports as a C program, if the smallest one of all does not.
std::string c_text(const Recommendation& from, const ExportOf& export_of, const TextStyle& style) {
  if (from.met.front().is_integer()) return "";
  const Choice* choice = from.smallest_in_c();
  if (choice == nullptr) return entry("in C", "no network that meets the demand", style);
  return entry("in C", use_text(*choice, from), style) +
         entry("made by", analysis::protocols_of(*choice), style) +
         entry("it takes", cost_text(*choice), style) +
         entry("evidence", evidence_text(*choice, from), style) +
         export_text(*choice, from, export_of, style);
}

std::string met_part(const Recommendation& from, const ExportOf& export_of,
                     const TextStyle& style) {
  const Choice& smallest = from.met.front();
  std::string text = entry("asked for", demand_text(from), style);
  text += entry("smallest", use_text(smallest, from), style);
  text += contradiction_text(smallest, from, style);
  if (!smallest.is_dense()) text += entry("made by", analysis::protocols_of(smallest), style);
  text += entry("it takes", cost_text(smallest), style) + device_text(smallest, from, style);
  text += entry("evidence", evidence_text(smallest, from), style);
  if (smallest.evidence != ChoiceEvidence::shown) text += entry("shown", shown_text(from), style);
  text += entry("chosen", chosen_text(from, smallest), style);
  if (from.beyond) {
    const Choice& beyond = *from.beyond;
    text += entry("too small",
                  fmt::format("{}, {}: {}", name_of(beyond), bytes_text(beyond.bytes),
                              chosen_met_text(beyond, from)),
                  style);
  }
  text += export_text(smallest, from, export_of, style);
  return text + c_text(from, export_of, style) + "\n" + table_text(from, style);
}

std::string nearest_part(const Recommendation& from, const TextStyle& style) {
  std::string why = fmt::format("none of {} meets the demand", counted(from.choices, "choice"));
  if (from.too_large > 0) {
    why += fmt::format("; {} {}", grouped(from.too_large),
                       from.demand.device ? "do not fit or have no C program" : "are too large");
  }
  std::string text = entry("asked for", demand_text(from), style) + entry("answer", why, style);
  if (!from.nearest) return text;
  const Choice& nearest = *from.nearest;
  text += entry("nearest", use_text(nearest, from), style);
  if (!nearest.is_dense()) text += entry("made by", analysis::protocols_of(nearest), style);
  text += entry("it takes", cost_text(nearest), style) + device_text(nearest, from, style);
  if (nearest.guessed > 0) {
    text += entry(
        "guesses",
        fmt::format(
            "{} at {} or better, but no better than always predicting one class; they do not count",
            counted(nearest.guessed, "replicate"), shortest(from.demand.accuracy)),
        style);
  }
  return text + entry("judged", chosen_text(from, nearest), style);
}

// ---- JSON ------------------------------------------------------------------------------------

Json sd_or_null(const AccuracySummary& accuracy) {
  return accuracy.sd ? Json(*accuracy.sd) : Json(nullptr);
}

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json export_json(const ChoiceExport& exported, const Recommendation& from) {
  const auto images = std::max<std::int64_t>(from.test_images, 1);
  const auto right = std::llround(exported.run.test_accuracy * static_cast<double>(images));
  const ProportionInterval interval = wilson_interval(right, images, from.demand.confidence);
  return {
      {"run", exported.run.id},
      {"test_accuracy", exported.run.test_accuracy},
      {"test_accuracy_low", interval.low},
      {"test_accuracy_high", interval.high},
      {"balanced_accuracy", exported.classes ? Json(exported.classes->balanced) : Json(nullptr)},
      {"worst_class", exported.classes ? Json(exported.classes->worst_class) : Json(nullptr)},
      {"worst_class_accuracy", exported.classes ? Json(exported.classes->worst) : Json(nullptr)}};
}

/// What the choice takes of the device: estimates.
Json device_json(const Choice& choice) {
  if (!choice.device) return nullptr;
  return {{"flash_bytes", choice.device->flash_bytes},
          {"ram_bytes", choice.device->ram_bytes},
          {"estimated_milliseconds", choice.device->milliseconds}};
}

Json choice_json(const Choice& choice, const Recommendation& from, const ExportOf& export_of) {
  Json ids = Json::array();
  for (const analysis::ChoiceRun& run : choice.runs) ids.push_back(run.id);
  Json json{{"name", name_of(choice)},
            {"family", word_of(choice.family)},
            {"architecture", choice.architecture},
            {"parameters", choice.parameters},
            {"pruning", choice.pruning},
            {"sparsity_asked", choice.sparsity_asked},
            {"sparsity", choice.sparsity},
            {"quantization", choice.quantization},
            {"format", choice.format.name()},
            {"bits", choice.bits},
            {"activations", choice.activations.name()},
            {"arithmetic", word_of(choice.arithmetic)},
            {"bytes", choice.bytes},
            {"multiply_adds", or_null(choice.multiply_adds)},
            {"ram_bytes", or_null(choice.ram_bytes)},
            {"device", device_json(choice)},
            {"replicates", choice.replicates},
            {"met", choice.met},
            {"guessed", choice.guessed},
            {"p", choice.p_value},
            {"level", choice.level},
            {"least_probability", choice.least_share},
            {"evidence", word_text(choice.evidence)},
            {"mean_accuracy", choice.accuracy.mean},
            {"sd_accuracy", sd_or_null(choice.accuracy)},
            {"test_met", choice.test.met},
            {"mean_test_accuracy", choice.test.accuracy.mean},
            {"sd_test_accuracy", sd_or_null(choice.test.accuracy)},
            {"run_ids", ids}};
  const std::optional<ChoiceExport> exported = export_of(choice);
  json["export"] = exported ? Json(exported->command) : Json(nullptr);
  json["exported"] = exported ? export_json(*exported, from) : Json(nullptr);
  return json;
}

}  // namespace

std::string name_of(const Choice& choice) {
  return fmt::format("`{}`, {}", choice.architecture, analysis::compression_of(choice));
}

std::string recommendation_text(const Recommendation& recommendation, const ExportOf& export_of,
                                const TextStyle& style) {
  return nothing_asked(recommendation, style) + (recommendation.met.empty()
                                                     ? nearest_part(recommendation, style)
                                                     : met_part(recommendation, export_of, style));
}

std::string nothing_text(const Recommendation& recommendation) {
  const Demand& demand = recommendation.demand;
  return fmt::format(
      "{}: no network of this store {}reaches {} in at least {} % of its replicates",
      printable(recommendation.dataset),
      demand.max_bytes || demand.max_parameters || demand.device ? "within the limits " : "",
      shortest(demand.accuracy), percent_text(demand.reliability));
}

Json recommendation_json(const Recommendation& from, const ExportOf& export_of) {
  const Demand& demand = from.demand;
  Json json{{"dataset", from.dataset},
            {"accuracy", demand.accuracy},
            {"reliability", demand.reliability},
            {"confidence", demand.confidence},
            {"chosen_on", from.validation_images > 0 ? "validation" : "test"},
            {"validation_images", from.validation_images},
            {"test_images", from.test_images},
            {"majority_share", from.majority_share},
            {"asks_for_nothing", from.asks_for_nothing()},
            {"choices", from.choices},
            {"too_large", from.too_large},
            {"sequences", from.sequences},
            {"tested_sequences", from.tested_sequences}};
  if (demand.max_bytes) json["max_bytes"] = *demand.max_bytes;
  if (demand.max_parameters) json["max_parameters"] = *demand.max_parameters;
  if (demand.device) {
    json["device"] = {{"name", demand.device->name},
                      {"core", demand.device->core.name},
                      {"flash_bytes", demand.device->flash_bytes},
                      {"ram_bytes", demand.device->ram_bytes},
                      {"megahertz", demand.device->megahertz}};
  }
  json["new_replicates"] = from.follow_up ? Json(from.follow_up->replicates) : Json(nullptr);
  json["new_replicates_needed"] = from.follow_up ? Json(from.follow_up->needed) : Json(nullptr);
  const auto choice_or_null = [&](const Choice* choice) {
    return choice != nullptr ? choice_json(*choice, from, export_of) : Json(nullptr);
  };
  const auto pointer = [](const std::optional<Choice>& choice) {
    return choice ? &*choice : nullptr;
  };
  json["met"] = Json::array();
  for (const Choice& choice : from.met) json["met"].push_back(choice_json(choice, from, export_of));
  json["smallest_shown"] = choice_or_null(from.smallest_shown());
  json["smallest_in_c"] = choice_or_null(from.smallest_in_c());
  json["not_excluded"] = Json::array();
  for (const Choice& choice : from.open) {
    json["not_excluded"].push_back(choice_json(choice, from, export_of));
  }
  json["nearest"] = choice_or_null(pointer(from.nearest));
  json["too_small"] = choice_or_null(pointer(from.beyond));
  return json;
}

}  // namespace minima::report
