#include "report/screens/comparison_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "report/screens/summary_text.h"
#include "report/text/entry.h"
#include "report/text/text_table.h"

namespace minima::report {
namespace {

using analysis::ArchitecturePair;
using analysis::DataMatch;
using analysis::DatasetComparison;
using analysis::DatasetHeadline;
using analysis::HeadlineNetwork;

constexpr std::size_t kMostPairs = 8;  // rows per dataset
constexpr std::size_t kLongest = 100;  // of a name that a user chose

std::string points(double fraction) {
  return fmt::format("{:.2f}", 100.0 * fraction);
}

std::string limits(const AccuracyDifference& difference) {
  return fmt::format("[{}, {}]", points(difference.low), points(difference.high));
}

std::string architectures(std::size_t count) {
  return counted(static_cast<std::int64_t>(count), "architecture");
}

/// Which of two studies has a dataset alone.
const char* owner_of(const DatasetComparison& dataset) {
  return dataset.first ? kFirstStudy : kSecondStudy;
}

std::string target_text(const std::optional<DatasetHeadline>& headline) {
  if (!headline) return "not in this study";
  if (headline->runs == 0) return "no run yet";
  if (!headline->no_target.empty()) return "none: " + headline->no_target;
  return percent_text(headline->target) + " %";
}

bool has_target(const std::optional<DatasetHeadline>& headline) {
  return headline && headline->runs > 0 && headline->no_target.empty();
}

std::string network_text(const HeadlineNetwork& network) {
  const bool is_compressed = !network.compression.empty();
  return fmt::format(
      "{}, {}: {}", network.architecture + (is_compressed ? ", " + network.compression : ""),
      is_compressed ? bytes_text(network.bytes) : counted(network.parameters, "parameter"),
      with_interval(network.accuracy));
}

/// With the runs that reach the target.
std::string chosen_text(const std::optional<HeadlineNetwork>& network) {
  if (!network) return "none";
  return fmt::format("{}, {}/{}{}", network_text(*network), network->met,
                     counted(network->runs, "run"), network->shown ? ", shown" : "");
}

std::string network_of(const std::optional<DatasetHeadline>& headline,
                       std::optional<HeadlineNetwork> DatasetHeadline::*network) {
  if (!headline) return "-";
  const std::optional<HeadlineNetwork>& found = (*headline).*network;
  // The most accurate network is not selected by the target.
  if (network == &DatasetHeadline::best) return found ? network_text(*found) : "-";
  return has_target(headline) ? chosen_text(found) : "-";
}

void add_row(const std::string& what, const std::optional<DatasetHeadline>& first,
             const std::optional<DatasetHeadline>& second,
             std::optional<HeadlineNetwork> DatasetHeadline::*network,
             std::vector<AnswerRow>& rows) {
  const bool any = (first && ((*first).*network)) || (second && ((*second).*network));
  const bool is_answer =
      network == &DatasetHeadline::smallest && (has_target(first) || has_target(second));
  if (any || is_answer)
    rows.push_back({what, network_of(first, network), network_of(second, network)});
}

}  // namespace

// ---- parts that the page shows too -----------------------------------------------------------

std::string signed_points(double fraction) {
  const std::string text = fmt::format("{:+.2f}", 100.0 * fraction);
  return text == "-0.00" ? "+0.00" : text;
}

std::string with_interval(const ArchitecturePair& pair) {
  return signed_points(pair.difference.mean) + " " + limits(pair.difference);
}

std::string study_text(const std::string& store, const analysis::Headline& headline) {
  std::string text = fmt::format("{} (study {}), {} of {}", printable(store, kLongest),
                                 printable(headline.study, kLongest),
                                 runs_so_far(headline.runs, headline.runs_planned),
                                 counted(headline.architectures, "architecture"));
  if (headline.compressed_networks > 0) {
    text += fmt::format(", {}", counted(headline.compressed_networks, "compressed network"));
  }
  return text;
}

std::string difference_sentence(const DatasetComparison& dataset) {
  switch (dataset.match) {
    case DataMatch::other_data:
      return "The two studies have other images under this name, so their accuracies are not "
             "compared.";
    case DataMatch::one_study:
      return fmt::format("Only study {} has this dataset.", owner_of(dataset));
    case DataMatch::same:
      break;
  }
  const std::string left_out =
      dataset.same_runs == 0
          ? ""
          : fmt::format(" {} the same runs in both studies and {} left out.",
                        architectures(static_cast<std::size_t>(dataset.same_runs)) +
                            (dataset.same_runs == 1 ? " has" : " have"),
                        dataset.same_runs == 1 ? "is" : "are");
  if (!dataset.mean) {
    return dataset.same_runs > 0 ? "Nothing to compare." + left_out
                                 : "No architecture was trained in both studies.";
  }
  const AccuracyDifference& mean = *dataset.mean;
  const std::string over =
      dataset.pairs.size() == 1
          ? "for " + dataset.pairs.front().architecture
          : fmt::format("on average over {}", architectures(dataset.pairs.size()));
  const bool is_certain = mean.low > 0.0 || mean.high < 0.0;
  std::string text =
      is_certain
          ? fmt::format(
                "{} is {} points {} accurate than {} {}, {}.", kSecondStudy,
                points(std::abs(mean.mean)), mean.mean > 0.0 ? "more" : "less", kFirstStudy,
                fmt::format("[{}, {}]", points(std::min(std::abs(mean.low), std::abs(mean.high))),
                            points(std::max(std::abs(mean.low), std::abs(mean.high)))),
                over)
          : fmt::format("No difference is shown: {} minus {} is {} points {}, {}.", kSecondStudy,
                        kFirstStudy, signed_points(mean.mean), limits(mean), over);
  if (std::isnan(mean.se_seeds)) {
    text +=
        " The interval is for these trained networks: with one run in each study, new trainings "
        "may differ more.";
  }
  return text + left_out;
}

std::string pairs_sentence(const DatasetComparison& dataset, double confidence) {
  if (dataset.pairs.size() < 2) return "";
  const std::string all = fmt::format("{:.3g} % confidence for all together", 100.0 * confidence);
  const auto count = [](std::int64_t pairs) {
    return pairs == 0 ? std::string("none") : grouped(pairs);
  };
  std::string text =
      dataset.better + dataset.worse == 0
          ? fmt::format("None of the {} differs clearly ({}).", architectures(dataset.pairs.size()),
                        all)
          : fmt::format("Of {}, {} {} clearly better in {} and {} clearly worse ({}).",
                        architectures(dataset.pairs.size()), count(dataset.better),
                        dataset.better > 1 ? "are" : "is", kSecondStudy, count(dataset.worse), all);
  if (!dataset.per_image) {
    text +=
        " Predictions are missing, so the intervals cannot use that both studies have the same "
        "test images, and are too wide.";
  }
  return text;
}

std::vector<AnswerRow> answer_rows(const DatasetComparison& dataset) {
  std::vector<AnswerRow> rows{{"target", target_text(dataset.first), target_text(dataset.second)}};
  add_row("smallest", dataset.first, dataset.second, &DatasetHeadline::smallest, rows);
  add_row("compressed", dataset.first, dataset.second, &DatasetHeadline::compressed, rows);
  add_row("best", dataset.first, dataset.second, &DatasetHeadline::best, rows);
  if (!dataset.common) return rows;
  const auto& [target, first, second] = *dataset.common;
  const std::string both = percent_text(target) + " %";
  rows.push_back({"same target", both, both});
  add_row("smallest", first, second, &DatasetHeadline::smallest, rows);
  add_row("compressed", first, second, &DatasetHeadline::compressed, rows);
  return rows;
}

// ---- the screen ------------------------------------------------------------------------------

namespace {

std::string both_lines(const std::string& label, const std::string& first,
                       const std::string& second, const TextStyle& style) {
  return entry(label, fmt::format("{}  {}", kFirstStudy, first), style) +
         entry("", fmt::format("{}  {}", kSecondStudy, second), style);
}

/// Short values side by side, long ones below each other.
std::string settings_lines(const analysis::Comparison& comparison, const TextStyle& style) {
  constexpr std::size_t kShort = 22;
  if (comparison.settings.empty()) return entry("settings", "no difference", style);
  TextTable table({{"settings that differ", Align::left},
                   {kFirstStudy, Align::left},
                   {kSecondStudy, Align::left}});
  std::string rest;
  for (const auto& [setting, first, second] : comparison.settings) {
    if (std::max(first.size(), second.size()) <= kShort) {
      table.add({setting, printable(first, kShort), printable(second, kShort)});
      continue;
    }
    rest += setting + "\n" + both_lines("", first, second, style);
  }
  return (table.rows() > 0 ? table.text(style) : dim("settings that differ", style) + "\n") + rest;
}

std::string answer_lines(const DatasetComparison& dataset, const TextStyle& style) {
  std::string out;
  for (const auto& [what, first, second] : answer_rows(dataset)) {
    if (!dataset.first || !dataset.second) {
      out += entry(what, dataset.first ? first : second, style);
    } else if (first == second) {
      out += entry(what, first, style);
    } else {
      out += both_lines(what, first, second, style);
    }
  }
  return out;
}

/// Clear differences first, then by their size.
std::string pairs_table(const DatasetComparison& dataset, const TextStyle& style) {
  if (dataset.pairs.empty()) return "";
  std::vector<const ArchitecturePair*> pairs;
  for (const ArchitecturePair& pair : dataset.pairs) pairs.push_back(&pair);
  std::ranges::stable_sort(pairs, [](const ArchitecturePair* a, const ArchitecturePair* b) {
    if (a->is_clear != b->is_clear) return a->is_clear;
    return std::abs(a->difference.mean) > std::abs(b->difference.mean);
  });
  TextTable table({{"architecture", Align::left},
                   {"parameters"},
                   {std::string(kFirstStudy) + " %"},
                   {std::string(kSecondStudy) + " %"},
                   {fmt::format("{} - {} in points", kSecondStudy, kFirstStudy)},
                   {"", Align::left}});
  for (std::size_t i = 0; i < std::min(kMostPairs, pairs.size()); ++i) {
    const ArchitecturePair& pair = *pairs[i];
    table.add({pair.architecture, grouped(pair.parameters), percent(pair.first),
               percent(pair.second), with_interval(pair), pair.is_clear ? "clear" : ""});
  }
  std::string out = table.text(style);
  if (pairs.size() > kMostPairs) {
    out += dim(fmt::format("and {} more with smaller or less certain differences",
                           pairs.size() - kMostPairs),
               style) +
           "\n";
  }
  return out;
}

std::string dataset_block(const DatasetComparison& dataset, double confidence,
                          const TextStyle& style) {
  std::string out = heading(printable(dataset.dataset, kLongest),
                            counted(dataset.test_images, "test image"), style) +
                    answer_lines(dataset, style) +
                    entry("difference", difference_sentence(dataset), style);
  if (const std::string pairs = pairs_sentence(dataset, confidence); !pairs.empty()) {
    out += entry("", pairs, style);
  }
  const std::string table = pairs_table(dataset, style);
  return table.empty() ? out : out + "\n" + table;
}

}  // namespace

std::string comparison_text(const ComparisonInput& input, const TextStyle& style) {
  const auto& [first, second] = input.headlines;
  std::string out = bold("Two studies compared", style) + "\n" +
                    entry(kFirstStudy, study_text(input.places.stores[0], *first), style) +
                    entry(kSecondStudy, study_text(input.places.stores[1], *second), style) +
                    dim(fmt::format("[a, b]: {:.3g} % interval for new trainings and new images",
                                    100.0 * input.comparison.confidence),
                        style) +
                    "\n" + dim("k/n runs: k of n runs reach the target", style) + "\n\n" +
                    settings_lines(input.comparison, style);
  for (const DatasetComparison& dataset : input.comparison.datasets) {
    out += "\n" + dataset_block(dataset, input.comparison.confidence, style);
  }
  if (!input.places.page.empty()) out += "\n" + entry("figures", input.places.page, style);
  return out;
}

}  // namespace minima::report
