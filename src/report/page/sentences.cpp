#include "report/page/sentences.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/text.h"
#include "report/screens/summary_text.h"
#include "report/text/style.h"
#include "study/settings/number_format.h"

namespace minima::report {
namespace {

using analysis::DatasetHeadline;
using analysis::DatasetHighlights;
using analysis::HeadlineNetwork;
using analysis::Verdict;

std::string network_name(const HeadlineNetwork& network) {
  return network.architecture + (network.compression.empty() ? "" : ", " + network.compression);
}

constexpr double kSignificant = 0.05;

std::string whole_percent(double fraction) {
  return fmt::format("{:.0f} %", 100.0 * fraction);
}

/// "5 of 5 runs reach the target of 94 %".
std::string reached_text(const HeadlineNetwork& network, const DatasetHeadline& dataset) {
  return fmt::format("{} of {} {} the target of {} %{}", grouped(network.met),
                     counted(network.runs, "run"), network.met == 1 ? "reaches" : "reach",
                     percent_text(dataset.target),
                     dataset.validation_chose ? " (counted on validation images)" : "");
}

bool has_answer(const DatasetHeadline& dataset) {
  return dataset.runs > 0 && dataset.no_target.empty() && dataset.smallest.has_value();
}

std::string architectures(std::int64_t count) {
  return counted(count, "architecture");
}

}  // namespace

// ---- the answer ------------------------------------------------------------------------------

std::string answer_sentence(const DatasetHeadline& dataset) {
  if (dataset.runs == 0) return "No run has been recorded yet.";
  if (!dataset.no_target.empty()) return "No answer: " + dataset.no_target + ".";
  if (!dataset.smallest) {
    std::string text =
        fmt::format("No architecture reaches {} % in {} of its runs or more",
                    percent_text(dataset.target), whole_percent(dataset.reliability));
    if (dataset.best) {
      text += fmt::format("; the best, {}, has {}", network_name(*dataset.best),
                          with_interval(dataset.best->accuracy));
    }
    return text + ".";
  }
  const HeadlineNetwork& smallest = *dataset.smallest;
  return fmt::format("{}, with {}, classifies {} of new images correctly; {}.",
                     smallest.architecture, counted(smallest.parameters, "parameter"),
                     with_interval(smallest.accuracy), reached_text(smallest, dataset));
}

std::string certainty_sentence(const DatasetHeadline& dataset, double confidence) {
  if (!has_answer(dataset)) return "";
  const HeadlineNetwork& smallest = *dataset.smallest;
  if (smallest.shown) {
    return fmt::format(
        "Shown: with {:.3g} % confidence, at least half of all new trainings would reach it.",
        100.0 * confidence);
  }
  std::string text =
      fmt::format("Not shown: {} cannot show that half of all new trainings would reach it.",
                  counted(smallest.runs, "run"));
  if (dataset.shown) {
    text += fmt::format(" They do show it for {} ({}).", network_name(*dataset.shown),
                        counted(dataset.shown->parameters, "parameter"));
  }
  return text;
}

std::string overview_text(const DatasetHeadline& dataset) {
  if (!has_answer(dataset)) {
    return dataset.runs == 0 ? "no run yet"
           : !dataset.no_target.empty()
               ? "no answer"
               : fmt::format("no network reaches {} %", percent_text(dataset.target));
  }
  std::string text =
      fmt::format("{} %: {}, {}", percent_text(dataset.target), dataset.smallest->architecture,
                  counted(dataset.smallest->parameters, "parameter"));
  if (dataset.compressed)
    text += fmt::format("; {} compressed", bytes_text(dataset.compressed->bytes));
  return text;
}

// ---- sections --------------------------------------------------------------------------------

std::string size_sentence(const DatasetHeadline& dataset) {
  if (dataset.series.empty()) {
    return "No series of architectures has several sizes, so this study cannot say whether larger "
           "networks help.";
  }
  const auto& [name, finding] = dataset.series.front();
  std::string text = fmt::format("{}: {}.", name, finding);
  if (dataset.series.size() > 1) {
    text += fmt::format(" {} more series below.", dataset.series.size() - 1);
  }
  return text;
}

std::string training_sentence(const DatasetHighlights& dataset) {
  const auto& failures = dataset.failures;
  if (failures.runs == 0) return "No run has been recorded yet.";
  if (failures.failed == 0) {
    return failures.runs == 1 ? "The only run learned."
                              : fmt::format("All {} runs learned.", grouped(failures.runs));
  }
  const std::string which =
      failures.failed == failures.runs
          ? fmt::format("All {} failed", counted(failures.runs, "run"))
          : fmt::format("{} of {} failed", grouped(failures.failed), counted(failures.runs, "run"));
  return fmt::format(
      "{}; the diagnosis of {} is \"{}\". The largest network that failed has {}.", which,
      failures.of_reason == failures.failed ? "each" : grouped(failures.of_reason) + " of them",
      failures.reason, counted(failures.largest, "parameter"));
}

std::string network_sentence(const DatasetHeadline& dataset) {
  if (!has_answer(dataset)) {
    return "No network is recommended, because none reaches the target.";
  }
  const HeadlineNetwork& network = dataset.in_c         ? *dataset.in_c
                                   : dataset.compressed ? *dataset.compressed
                                                        : *dataset.smallest;
  std::string text =
      fmt::format("{} takes {}", network_name(network),
                  bytes_text(network.bytes > 0.0 ? network.bytes
                                                 : 4.0 * static_cast<double>(network.parameters)));
  if (network.ram_bytes) {
    text += fmt::format(", {} of RAM", human_bytes(static_cast<std::uint64_t>(*network.ram_bytes)));
  }
  if (network.multiply_adds) {
    text += fmt::format(" and {} multiply-adds per image", grouped(*network.multiply_adds));
  }
  return text + (network.ram_bytes ? "; it exports as a C program." : ".");
}

std::string class_sentence(const DatasetHighlights& dataset) {
  if (!dataset.classes) {
    return "No predictions of single images are recorded for a recommended network.";
  }
  const auto& worst = *dataset.classes;
  std::string text = fmt::format("{} recognises \"{}\" worst: {:.1f} % [{:.1f}, {:.1f}]",
                                 worst.architecture, worst.name, 100.0 * worst.accuracy.mean,
                                 100.0 * worst.accuracy.low, 100.0 * worst.accuracy.high);
  if (!worst.is_clear) text += ", which may be chance";
  if (!worst.mistaken_for.empty()) {
    text += fmt::format("; {} of its images are taken for \"{}\"",
                        fmt::format("{:.1f} %", 100.0 * worst.mistaken_share), worst.mistaken_for);
  }
  return text + ".";
}

std::string pruning_sentence(const DatasetHighlights& dataset, double tolerance) {
  if (!dataset.pruning) return "Nothing was pruned on this dataset.";
  const auto& pruning = *dataset.pruning;
  std::string text =
      pruning.architectures == 1
          ? fmt::format("The only pruned architecture can lose {} of its weights",
                        whole_percent(pruning.median))
          : fmt::format("Half of {} can lose {} of their weights or more",
                        architectures(pruning.architectures), whole_percent(pruning.median));
  text += fmt::format(" for at most {} of accuracy", points_text(tolerance));
  if (dataset.pruning->recommended) {
    const auto& mine = *dataset.pruning->recommended;
    text += fmt::format("; the recommended one {}", whole_percent(mine.mean));
    if (mine.low && mine.high) {
      text += fmt::format(" [{:.0f}, {:.0f}]", 100.0 * *mine.low, 100.0 * *mine.high);
    }
  }
  return text + (pruning.protocols > 1 ? fmt::format(" ({}, the best of {} protocols).",
                                                     pruning.protocol, pruning.protocols)
                                       : fmt::format(" ({}).", pruning.protocol));
}

std::string quantization_sentence(const DatasetHighlights& dataset, double tolerance) {
  if (!dataset.quantization) return "Nothing was quantized on this dataset.";
  const auto& bits = *dataset.quantization;
  std::string text = bits.bits
                         ? fmt::format("{} {} enough for {} of {}", counted(*bits.bits, "bit"),
                                       *bits.bits == 1 ? "is" : "are", grouped(bits.enough),
                                       architectures(bits.architectures))
                         : fmt::format("No format tried is enough for half of {}",
                                       architectures(bits.architectures));
  text += fmt::format(", at a mean loss of at most {}", points_text(tolerance));
  if (bits.has_recommended) {
    text += bits.recommended
                ? fmt::format("; the recommended one needs {}", *bits.recommended)
                : std::string("; the recommended one loses more with every format tried");
  }
  return text + ".";
}

std::string choice_text(const analysis::TradeOff& choice) {
  std::string text = choice.architecture;
  if (!choice.pruning.empty()) text += fmt::format(", {} pruned", whole_percent(choice.sparsity));
  if (!choice.quantization.empty()) {
    text += ", " + study::format_label(choice.format, choice.quantization);
  }
  return text;
}

std::string trade_off_sentence(const DatasetHighlights& dataset) {
  if (dataset.budgets.empty()) return "No network was compressed on this dataset.";
  const auto& first = dataset.budgets.front().choice;
  const auto& last = dataset.budgets.back().choice;
  std::string text = fmt::format("In {}, {} reaches {:.1f} %", bytes_text(first.bytes),
                                 choice_text(first), 100.0 * first.accuracy.mean);
  if (dataset.budgets.size() > 1) {
    text += fmt::format("; in {}, {} reaches {:.1f} %", bytes_text(last.bytes), choice_text(last),
                        100.0 * last.accuracy.mean);
  }
  return text + ".";
}

std::string layer_sentence(const DatasetHighlights& dataset) {
  if (!dataset.layers) return "No tensor was compressed on its own on this dataset.";
  const auto& layers = *dataset.layers;
  const char* how = layers.by_pruning ? "pruned" : "quantized";
  if (layers.tensor.empty()) {
    return fmt::format("No tensor stands out: {} alone, the most sensitive ones are equal.", how);
  }
  return fmt::format("{} is the most sensitive tensor of {} of {} ({} alone){}.", layers.tensor,
                     grouped(layers.most_sensitive), architectures(layers.architectures), how,
                     layers.p > kSignificant ? ", which may be chance" : "");
}

// ---- claims ----------------------------------------------------------------------------------

bool is_about_weights(const analysis::Finding& finding) {
  static constexpr std::array kNames = {
      "successful_are_similar",   "projection",   "suboptimal_scatter",  "low_sigma",
      "similar_statistics",       "peak_at_zero", "strengths_correlate", "strengths_are_high",
      "low_sigma_most_in_output", "mlp_is_weak",  "attention_is_weak"};
  return std::ranges::find(kNames, finding.claim) != kNames.end();
}

std::string weight_sentence(const analysis::Findings& findings) {
  std::string text;
  std::int64_t open = 0;
  for (const analysis::Finding& finding : findings.findings) {
    if (!is_about_weights(finding)) continue;
    const bool decided = finding.verdict == Verdict::supported ||
                         finding.verdict == Verdict::contradicted ||
                         finding.verdict == Verdict::differs;
    if (!decided) {
      ++open;
    } else if (text.empty()) {
      text = finding.sentence;
    }
  }
  if (text.empty()) return "This study decides no claim about weights.";
  if (open > 0) text += fmt::format(" Not decided here: {}.", counted(open, "more claim"));
  return text;
}

std::string papers_sentence(const analysis::Findings& findings) {
  struct Part {
    Verdict verdict;
    const char* one;
    const char* several;
  };
  std::vector<std::string> parts;
  for (const auto& [verdict, one, several] :
       {Part{Verdict::supported, "is supported here", "are supported here"},
        {Verdict::contradicted, "is contradicted", "are contradicted"},
        {Verdict::differs, "differs between data", "differ between data"},
        {Verdict::undecided, "is open", "are open"},
        {Verdict::described, "is only described", "are only described"},
        {Verdict::not_tested, "cannot be tested", "cannot be tested"}}) {
    const auto count = std::ranges::count(findings.findings, verdict, &analysis::Finding::verdict);
    if (count > 0) parts.push_back(fmt::format("{} {}", count, count == 1 ? one : several));
  }
  std::string text = fmt::format("Of {} claims of two papers", findings.findings.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    text += (i > 0 && i + 1 == parts.size() ? " and " : ", ") + parts[i];
  }
  return text + ".";
}

}  // namespace minima::report
