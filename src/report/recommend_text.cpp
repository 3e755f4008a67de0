#include "report/recommend_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "report/entry.h"
#include "report/text_table.h"

namespace minima::report {
namespace {

using analysis::Choice;
using analysis::Demand;
using analysis::Evidence;
using analysis::Recommendation;

constexpr std::size_t kRows = 5;  // of the table, where no terminal says otherwise

std::string bytes_text(double bytes) {
  return human_bytes(static_cast<std::uint64_t>(std::llround(bytes)));
}

std::string accuracy_text(const analysis::AccuracySummary& accuracy) {
  if (accuracy.runs == 0) return "no number";
  if (!accuracy.sd) return fmt::format("{:.3f}", accuracy.mean);
  return fmt::format("{:.3f} +- {:.3f}", accuracy.mean, *accuracy.sd);
}

std::string demand_text(const std::string& dataset, const Demand& demand) {
  std::string text = fmt::format("{}: accuracy {} or better in {} % of replicates", dataset,
                                 shortest(demand.accuracy), shortest(100.0 * demand.reliability));
  if (demand.max_bytes) text += fmt::format(", at most {}", bytes_text(*demand.max_bytes));
  if (demand.max_parameters) {
    text += fmt::format(", at most {} parameters", grouped(*demand.max_parameters));
  }
  return text;
}

std::string met_text(std::int64_t met, const Choice& choice, const Demand& demand) {
  return fmt::format("{} of {} at {} or better", met, counted(choice.replicates, "replicate"),
                     shortest(demand.accuracy));
}

/// The sentence that a user comes for: what to use, and what test images say of it.
std::string use_text(const Choice& choice, const Demand& demand) {
  return fmt::format("{}: {}, {}, {}", name_of(choice), accuracy_text(choice.test.accuracy),
                     met_text(choice.test.met, choice, demand), bytes_text(choice.bytes));
}

/// Which images chose, and what that means for the accuracy.
std::string chosen_text(const Recommendation& from, const Choice* choice) {
  if (from.validation_images == 0) {
    return "on test data, for want of a validation split: the figures are a little optimistic; the "
           "data set \"" +
           from.dataset + " validation_share=0.1\" has one";
  }
  std::string text =
      fmt::format("on the validation split ({} images)", grouped(from.validation_images));
  if (choice == nullptr) return text;
  text += fmt::format(": {}, {}", accuracy_text(choice->accuracy),
                      met_text(choice->met, *choice, from.demand));
  return text + "; the accuracy above is that of test data, which did not choose";
}

std::string evidence_text(const Choice& choice, const Recommendation& from) {
  const Demand& demand = from.demand;
  const std::string confidence =
      fmt::format("{} % confidence", shortest(100.0 * demand.confidence));
  const std::int64_t enough = analysis::replicates_to_show(demand, from.choices);
  switch (choice.evidence) {
    case Evidence::shown:
      return fmt::format(
          "shown: a replicate reaches it with a probability of at least {:.2f}, with {} and "
          "allowing for {} looked at",
          choice.corrected_share, confidence, counted(from.choices, "choice"));
    case Evidence::shown_alone:
      return fmt::format(
          "with {} the probability is at least {:.2f} for this choice by itself; not shown for the "
          "smallest of {} (at least {:.2f}), which takes {} that all reach it",
          confidence, choice.least_share, counted(from.choices, "choice"), choice.corrected_share,
          counted(enough, "replicate"));
    case Evidence::observed:
      return fmt::format(
          "not shown: with {} the probability is only known to be at least {:.2f}; it takes {} "
          "that "
          "all reach it",
          confidence, choice.least_share, counted(enough, "replicate"));
    case Evidence::missed:
      break;
  }
  return "missed";
}

/// The runner-up, and why it is that.
std::string second_text(const Choice& second, const Choice& best) {
  const double more = second.bytes / std::max(best.bytes, 1.0) - 1.0;
  const std::string why = more < 0.0 ? fmt::format("smaller, but {}", to_string(second.evidence))
                                     : fmt::format("{:.0f} % larger", 100.0 * more);
  return fmt::format("{}: {}, {}", name_of(second), bytes_text(second.bytes), why);
}

TextTable table_of(const Recommendation& recommendation) {
  TextTable table({{"  network", Align::left},
                   {"bytes"},
                   {recommendation.validation_images > 0 ? "validation" : "accuracy"},
                   {"met"},
                   {"least"},
                   {"evidence", Align::left}});
  const std::size_t rows = std::min(kRows, recommendation.met.size());
  for (std::size_t i = 0; i < rows; ++i) {
    const Choice& choice = recommendation.met[i];
    table.add({"  " + name_of(choice), bytes_text(choice.bytes), accuracy_text(choice.accuracy),
               fmt::format("{}/{}", choice.met, choice.replicates),
               fmt::format("{:.2f}", choice.least_share), to_string(choice.evidence)});
    if (i == 0) table.highlight();
  }
  return table;
}

std::string met_part(const Recommendation& recommendation, const ExportCommand& command,
                     const TextStyle& style) {
  const Choice& best = recommendation.met.front();
  std::string text = entry("use", use_text(best, recommendation.demand), style);
  text += entry("for", demand_text(recommendation.dataset, recommendation.demand), style);
  text += entry("chosen", chosen_text(recommendation, &best), style);
  text += entry("evidence", evidence_text(best, recommendation), style);
  if (recommendation.met.size() > 1) {
    text += entry("it beat", second_text(recommendation.met[1], best), style);
  }
  if (recommendation.beyond) {
    const Choice& beyond = *recommendation.beyond;
    text += entry("too small",
                  fmt::format("{} ({}): {}", name_of(beyond), bytes_text(beyond.bytes),
                              met_text(beyond.met, beyond, recommendation.demand)),
                  style);
  }
  const std::string line = command(best);
  // Whole on its line: it is to be copied.
  text += line.empty() ? entry("export",
                               "the store kept no weights of its runs; train with "
                               "`weights = \"all\"`",
                               style)
                       : fmt::format("{:<12}{}\n", "export", line);
  text += "\n" + table_of(recommendation).text(style);
  if (recommendation.met.size() > kRows) {
    text += fmt::format("  ... and {} more, with --json\n", recommendation.met.size() - kRows);
  }
  return text;
}

std::string nearest_part(const Recommendation& recommendation, const TextStyle& style) {
  std::string why =
      fmt::format("nothing among {} meets the demand", counted(recommendation.choices, "choice"));
  if (recommendation.too_large > 0) {
    why += fmt::format("; {} are too large", grouped(recommendation.too_large));
  }
  std::string text = entry("answer", why, style);
  if (recommendation.nearest) {
    text += entry("nearest", use_text(*recommendation.nearest, recommendation.demand), style);
  }
  text += entry("demand", demand_text(recommendation.dataset, recommendation.demand), style);
  const Choice* nearest = recommendation.nearest ? &*recommendation.nearest : nullptr;
  return text + entry("judged", chosen_text(recommendation, nearest), style);
}

Json mean_or_null(const analysis::AccuracySummary& accuracy) {
  return accuracy.runs > 0 ? Json(accuracy.mean) : Json(nullptr);
}

Json sd_or_null(const analysis::AccuracySummary& accuracy) {
  return accuracy.sd ? Json(*accuracy.sd) : Json(nullptr);
}

Json choice_json(const Choice& choice, const ExportCommand& command) {
  Json json{{"name", name_of(choice)},
            {"family", choice.family},
            {"architecture", choice.architecture},
            {"parameters", choice.parameters},
            {"pruning", choice.pruning},
            {"sparsity_asked", choice.sparsity_asked},
            {"sparsity", choice.sparsity},
            {"quantization", choice.quantization},
            {"format", choice.format},
            {"bits", choice.bits},
            {"activations", choice.activations},
            {"arithmetic", choice.arithmetic},
            {"bytes", choice.bytes},
            {"replicates", choice.replicates},
            {"met", choice.met},
            {"least_probability", choice.least_share},
            {"least_probability_corrected", choice.corrected_share},
            {"evidence", to_string(choice.evidence)},
            {"mean_accuracy", mean_or_null(choice.accuracy)},
            {"sd_accuracy", sd_or_null(choice.accuracy)},
            {"test_met", choice.test.met},
            {"mean_test_accuracy", mean_or_null(choice.test.accuracy)},
            {"sd_test_accuracy", sd_or_null(choice.test.accuracy)},
            {"run_ids", choice.run_ids}};
  const std::string line = command(choice);
  json["export"] = line.empty() ? Json(nullptr) : Json(line);
  return json;
}

}  // namespace

std::string name_of(const Choice& choice) {
  std::string text = fmt::format("`{}`", choice.architecture);
  if (!choice.pruning.empty()) text += fmt::format(", {:.0f} % sparse", 100.0 * choice.sparsity);
  text += ", " + choice.format;
  if (choice.arithmetic == "integer") return text + " in integers";
  if (choice.activations != "fp32") text += fmt::format(", activations {}", choice.activations);
  return text;
}

std::string recommendation_text(const Recommendation& recommendation, const ExportCommand& command,
                                const TextStyle& style) {
  return recommendation.met.empty() ? nearest_part(recommendation, style)
                                    : met_part(recommendation, command, style);
}

Json recommendation_json(const Recommendation& recommendation, const ExportCommand& command) {
  const Demand& demand = recommendation.demand;
  Json json{{"dataset", recommendation.dataset},
            {"accuracy", demand.accuracy},
            {"reliability", demand.reliability},
            {"confidence", demand.confidence},
            {"chosen_on", recommendation.validation_images > 0 ? "validation" : "test"},
            {"validation_images", recommendation.validation_images},
            {"choices", recommendation.choices},
            {"too_large", recommendation.too_large},
            {"replicates_to_show", analysis::replicates_to_show(demand, recommendation.choices)}};
  if (demand.max_bytes) json["max_bytes"] = *demand.max_bytes;
  if (demand.max_parameters) json["max_parameters"] = *demand.max_parameters;
  const auto choice_or_null = [&command](const std::optional<Choice>& choice) {
    return choice ? choice_json(*choice, command) : Json(nullptr);
  };
  json["met"] = Json::array();
  for (const Choice& choice : recommendation.met)
    json["met"].push_back(choice_json(choice, command));
  json["nearest"] = choice_or_null(recommendation.nearest);
  json["too_small"] = choice_or_null(recommendation.beyond);
  return json;
}

}  // namespace minima::report
