#include "report/sections/predictions_text.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "core/text.h"
#include "report/text/entry.h"
#include "report/text/text_table.h"

namespace minima::report {
namespace {

using analysis::ArchitectureOutcomes;
using analysis::DatasetOutcomes;
using analysis::LossVerdict;

/// Points with two significant digits: 0.013 as "1.3", 0.005 as "0.5".
std::string points(double fraction) {
  return brief(100.0 * fraction);
}

std::string with_unit(double fraction) {
  const std::string number = points(fraction);
  return number + (number == "1" ? " point" : " points");
}

std::string percent_range_text(double low, double high) {
  return fmt::format("[{:.1f}, {:.1f}]", 100.0 * low, 100.0 * high);
}

// Adding 0.0 turns -0.0 into 0.0, so a value that rounds to zero has no sign.
std::string kappa_text(double kappa) {
  return fmt::format("{:.2f}", std::round(100.0 * kappa) / 100.0 + 0.0);
}

std::string class_text(const DatasetOutcomes& dataset, std::size_t label) {
  return label < dataset.class_names.size() && !dataset.class_names[label].empty()
             ? dataset.class_names[label]
             : fmt::format("{}", label);
}

/// The tolerances that the test images cannot resolve, with equal ones merged.
std::string resolutions_text(const DatasetOutcomes& dataset) {
  std::map<double, std::pair<std::string, std::string>> by_tolerance;  // names, sentence
  for (const auto& one : dataset.resolutions) {
    if (!one.unresolved) continue;
    auto& [names, sentence] = by_tolerance[one.tolerance];
    names += (names.empty() ? "" : " and ") + one.setting;
    sentence = resolution_sentence(*one.unresolved);
  }
  std::string text;
  for (const auto& [tolerance, lines] : by_tolerance) {
    const auto& [names, sentence] = lines;
    const std::size_t end = sentence.find("; ") + 1;
    text += fmt::format("  {} of {}:\n    {}\n    {}\n", names, with_unit(tolerance),
                        sentence.substr(0, end), sentence.substr(end + 1));
  }
  return text;
}

std::string accuracies_text(const DatasetOutcomes& dataset, const TextStyle& style) {
  TextTable table({{"  architecture", Align::left},
                   {"runs"},
                   {"accuracy %"},
                   {"interval", Align::left},
                   {"below best", Align::left},
                   {"sd"},
                   {"by training"}});
  for (const ArchitectureOutcomes& one : dataset.architectures) {
    const auto& below = one.below_best;
    table.add({"  " + one.architecture, grouped(one.runs), percent(one.test.mean),
               percent_range_text(one.test.low, one.test.high),
               below ? percent_range_text(below->low, below->high) : "best",
               one.spread ? fmt::format("{:.2f}", 100.0 * one.spread->observed) : "-",
               one.spread ? fmt::format("{:.2f}", 100.0 * one.spread->training) : "-"});
  }
  return table.text(style, "accuracy_intervals");
}

std::string classes_text(const DatasetOutcomes& dataset, const TextStyle& style) {
  TextTable table({{"  architecture", Align::left},
                   {"balanced %"},
                   {"worst %"},
                   {"class", Align::left},
                   {"same %"},
                   {"kappa"},
                   {"constant", Align::left}});
  for (const ArchitectureOutcomes& one : dataset.architectures) {
    if (!one.classes.worst) continue;
    const auto& worst = *one.classes.worst;
    std::int64_t constant = 0;
    for (const auto& run : one.outcomes) constant += run.constant ? 1 : 0;
    const bool has_kappa = one.agreement && one.agreement->kappa;
    table.add({"  " + one.architecture, percent(one.classes.balanced.mean),
               fmt::format("{:.1f}", 100.0 * worst.accuracy.mean), class_text(dataset, worst.label),
               one.agreement ? fmt::format("{:.1f}", 100.0 * one.agreement->same) : "-",
               has_kappa ? kappa_text(*one.agreement->kappa) : "-",
               constant > 0 ? counted(constant, "run") : "-"});
  }
  return table.rows() == 0 ? "" : table.text(style, "class_summary");
}

/// Counts of compressed networks: loss within the tolerance, beyond it, or undecided.
std::string compressed_text(const DatasetOutcomes& dataset, double tolerance) {
  std::array<std::int64_t, 3> counts{};
  std::int64_t constant = 0;
  for (const ArchitectureOutcomes& one : dataset.architectures) {
    for (const auto& way : one.compressed) {
      if (!way.tensor.empty()) continue;
      ++counts[static_cast<std::size_t>(way.loss.verdict)];
      constant += way.loss.constant;
    }
  }
  const std::int64_t all = counts[0] + counts[1] + counts[2];
  if (all == 0) return "";
  std::string text = fmt::format(
      "  {} compared with their runs, image by image:\n    {} within {}, {} beyond, {} undecided "
      "(table compression_pairs)\n",
      counted(all, "compressed network"),
      grouped(counts[static_cast<std::size_t>(LossVerdict::within)]), with_unit(tolerance),
      grouped(counts[static_cast<std::size_t>(LossVerdict::beyond)]),
      grouped(counts[static_cast<std::size_t>(LossVerdict::undecided)]));
  if (constant > 0) {
    text += fmt::format("  {} always predict one class\n", counted(constant, "compressed run"));
  }
  return text;
}

}  // namespace

std::string resolution_sentence(const Unresolved& unresolved) {
  return fmt::format("{} cannot resolve differences below about {}; {} would resolve {}.",
                     counted(unresolved.images, "test image"), with_unit(unresolved.resolution),
                     grouped(unresolved.images_needed), with_unit(unresolved.tolerance));
}

std::optional<std::string> missing_predictions(const analysis::ImageOutcomes& outcomes) {
  if (outcomes.with_predictions >= outcomes.finished) return std::nullopt;
  const std::string whose =
      outcomes.with_predictions == 0
          ? std::string("This store has no predictions per image")
          : fmt::format("This store has predictions per image for only {} of {}",
                        grouped(outcomes.with_predictions), counted(outcomes.finished, "run"));
  return whose +
         ". So intervals use the accuracies alone. Classes, agreement and paired losses are left "
         "out.";
}

std::string predictions_text(const analysis::ImageOutcomes& outcomes, const TextStyle& style) {
  std::string text;
  if (const auto missing = missing_predictions(outcomes)) text += entry("note", *missing, style);
  for (const DatasetOutcomes& dataset : outcomes.datasets) {
    if (dataset.architectures.empty()) continue;
    text += (text.empty() ? "" : "\n") + bold("test images of " + dataset.dataset, style) + "\n";
    text += resolutions_text(dataset);
    text += accuracies_text(dataset, style) + classes_text(dataset, style) +
            compressed_text(dataset, outcomes.settings.compression_tolerance);
  }
  if (text.empty()) return text;
  return text +
         "\ninterval: of the accuracy, for new trainings and new test images. below best:\n"
         "interval of the difference from the best architecture, in points. sd: standard\n"
         "deviation of the replicates. by training: the part of sd that would remain with a\n"
         "larger test set. same, kappa: agreement of two replicates. constant: runs that\n"
         "predict one class for every image.\n"
         "docs/predictions.md defines every quantity.\n";
}

}  // namespace minima::report
