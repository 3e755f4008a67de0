#include "report/screens/answer_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/characters.h"
#include "core/text.h"
#include "report/text/entry.h"
#include "report/text/text_table.h"

namespace minima::report {
namespace {

using analysis::ArchitectureAnswer;
using analysis::DatasetAnswer;

constexpr std::size_t kNarrowestStrip = 14;
constexpr std::size_t kWidestStrip = 30;

struct Range {
  double low = 1.0;
  double high = 0.0;
};

Range accuracies_of(const DatasetAnswer& dataset) {
  Range range;
  for (const ArchitectureAnswer& row : dataset.architectures) {
    range.low = std::min(range.low, row.accuracy_min);
    range.high = std::max(range.high, row.accuracy_max);
  }
  return range;
}

bool has_diverged_runs(const DatasetAnswer& dataset) {
  return std::any_of(dataset.architectures.begin(), dataset.architectures.end(),
                     [](const ArchitectureAnswer& row) { return row.diverged > 0; });
}

// The range from the worst to the best run of an architecture, "o" at the mean: "  --o-- ".
std::string strip(const ArchitectureAnswer& row, const Range& range, std::size_t width) {
  const double span = range.high - range.low;
  const auto column = [&](double accuracy) {
    const double part = span > 0.0 ? (accuracy - range.low) / span : 1.0;
    return static_cast<std::size_t>(std::lround(part * static_cast<double>(width - 1)));
  };
  std::string text(width, ' ');
  for (std::size_t at = column(row.accuracy_min); at <= column(row.accuracy_max); ++at) {
    text[at] = '-';
  }
  text[column(row.accuracy_mean)] = 'o';
  return text;
}

// The ends of the strips: "92.10     97.30".
std::string strip_header(const Range& range, std::size_t width) {
  const std::string high = percent(range.high);
  return fmt::format("{:<{}}{}", percent(range.low), width - high.size(), high);
}

std::string seconds_text(double seconds) {
  return fmt::format("{:.{}f}", seconds, seconds < 9.995 ? 2 : seconds < 99.95 ? 1 : 0);
}

std::vector<std::string> cells_of(const ArchitectureAnswer& row) {
  return {row.architecture,          grouped(row.parameters),
          grouped(row.replicates),   percent(row.accuracy_mean),
          percent(row.accuracy_sd),  percent(row.accuracy_min),
          percent(row.accuracy_max), fmt::format("{:.0f} %", 100.0 * row.learned_share),
          seconds_text(row.seconds)};
}

/// Without strips if `strip_width` is zero.
TextTable table_of(const DatasetAnswer& dataset, std::size_t strip_width) {
  std::vector<Column> columns = {{"architecture", Align::left},
                                 {"parameters"},
                                 {"runs"},
                                 {"test %"},
                                 {"sd"},
                                 {"min"},
                                 {"max"},
                                 {"learned"},
                                 {"s/run"}};
  const bool shows_diverged = has_diverged_runs(dataset);
  if (shows_diverged) columns.push_back({"diverged"});
  const Range range = accuracies_of(dataset);
  if (strip_width > 0) columns.push_back({strip_header(range, strip_width), Align::left});

  TextTable table(columns);
  for (std::size_t i = 0; i < dataset.architectures.size(); ++i) {
    const ArchitectureAnswer& row = dataset.architectures[i];
    std::vector<std::string> cells = cells_of(row);
    if (shows_diverged) cells.push_back(grouped(row.diverged));
    if (strip_width > 0) cells.push_back(strip(row, range, strip_width));
    table.add(std::move(cells));
    if (dataset.smallest == i) table.highlight();
  }
  return table;
}

std::size_t strip_width_of(const DatasetAnswer& dataset, const TextStyle& style) {
  const std::size_t taken = table_of(dataset, 0).natural_width() + 2;
  if (taken + kNarrowestStrip > style.width) return 0;
  return std::min(style.width - taken, kWidestStrip);
}

// `head` and `tail` on one line, or on two lines if they do not fit.
std::string line_or_two(const std::string& head, const std::string& tail, const TextStyle& style) {
  const bool fits = display_width(head) + 1 + display_width(tail) <= style.width;
  return head + (fits ? " " : "\n  ") + tail + "\n";
}

std::string head_of(const DatasetAnswer& dataset, const TextStyle& style) {
  const std::string facts =
      fmt::format("{}, {}, {} % of them in the largest class",
                  runs_so_far(dataset.runs_recorded, dataset.runs_planned),
                  counted(dataset.test_count, "test image"), percent(dataset.majority_share));
  return heading(dataset.dataset, facts, style);
}

std::string named(const ArchitectureAnswer& row) {
  return fmt::format("{} ({}, test {} %)", row.architecture, counted(row.parameters, "parameter"),
                     percent(row.accuracy_mean));
}

std::string choice_of(const DatasetAnswer& dataset, const TextStyle& style) {
  const auto learned = [](const ArchitectureAnswer& row) { return row.learned > 0; };
  if (std::none_of(dataset.architectures.begin(), dataset.architectures.end(), learned)) {
    return "No run learned: none is better than always predicting the largest class.\n";
  }
  const char* label = dataset.validation_count > 0 ? "Best on validation images:" : "Best:";
  return line_or_two(label, named(dataset.architectures[*dataset.best]), style);
}

std::string dataset_text(const DatasetAnswer& dataset, const TextStyle& style) {
  std::string out = head_of(dataset, style);
  if (dataset.architectures.empty()) return out + "no run has been recorded yet\n";
  const TextTable table = table_of(dataset, strip_width_of(dataset, style));
  out += table.text(style);
  if (has_diverged_runs(dataset)) {
    out +=
        "A diverged run counts as not learned. Its accuracy counts as that of always\n"
        "predicting the largest class.\n";
  }
  return out + choice_of(dataset, style);
}

}  // namespace

std::string answer_text(const analysis::Answer& answer, const TextStyle& style) {
  std::string out;
  for (const DatasetAnswer& dataset : answer.datasets) {
    if (!out.empty()) out += "\n";
    out += dataset_text(dataset, style);
  }
  return out;
}

}  // namespace minima::report
