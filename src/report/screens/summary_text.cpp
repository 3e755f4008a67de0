#include "report/screens/summary_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/text.h"
#include "report/text/entry.h"

namespace minima::report {
namespace {

using analysis::DatasetHeadline;
using analysis::Headline;
using analysis::HeadlineNetwork;

constexpr std::size_t kLongestName = 100;  // of datasets and studies, whose names users choose

/// Level of detail of a summary; lower for stores with many datasets.
struct Detail {
  std::size_t datasets = 0;  ///< the others are counted
  std::size_t series = 0;    ///< lines per dataset
  std::size_t failures = 0;  ///< architectures per dataset
  std::size_t claims = 0;
  std::size_t next = 0;  ///< suggestions over all datasets
  bool networks = true;  ///< the compressed network, and the one shown to meet the target
};

/// From most to least detail; the first level that fits is used.
std::vector<Detail> details(std::size_t datasets) {
  std::vector<Detail> all;
  for (const std::size_t lines : {6, 4, 3, 2, 1}) {
    for (const std::size_t rest : {3, 2, 1}) {
      all.push_back({.datasets = datasets,
                     .series = lines,
                     .failures = rest,
                     .claims = rest + 1,
                     .next = rest + 1});
    }
  }
  all.push_back({.datasets = datasets, .series = 1, .failures = 1, .claims = 2, .next = 1});
  all.push_back({.datasets = datasets, .failures = 1, .claims = 2, .next = 1});
  all.push_back({.datasets = datasets, .claims = 1, .next = 1});
  all.push_back({.datasets = datasets, .claims = 1, .next = 1, .networks = false});
  for (std::size_t count = datasets; count > 0; --count) {
    all.push_back({.datasets = count, .claims = 1, .next = 1, .networks = false});
  }
  return all;
}

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

std::int64_t size_of(const auto& things) {
  return static_cast<std::int64_t>(things.size());
}

std::string one_decimal(double fraction) {
  return fmt::format("{:.1f}", 100.0 * fraction);
}

// ---- what was studied ------------------------------------------------------------------------

std::string study_heading(const Headline& headline, const TextStyle& style) {
  std::string text = runs_so_far(headline.runs, headline.runs_planned);
  if (headline.runs >= headline.runs_planned) {
    text += fmt::format(" of {} on {}", counted(headline.architectures, "architecture"),
                        counted(size_of(headline.datasets), "dataset"));
  }
  if (headline.compressed_networks > 0) {
    text += fmt::format("; {}", counted(headline.compressed_networks, "compressed network"));
  }
  return heading(printable(headline.study, kLongestName), text, style);
}

bool any_shown(const Headline& headline) {
  return std::ranges::any_of(headline.datasets, [](const DatasetHeadline& dataset) {
    const auto& compressed = dataset.in_c ? dataset.in_c : dataset.compressed;
    return dataset.shown || (dataset.smallest && dataset.smallest->shown) ||
           (compressed && compressed->shown);
  });
}

/// The images on which runs are counted: the selection images.
std::string counting_images(const Headline& headline) {
  const auto chose = std::ranges::count_if(headline.datasets, &DatasetHeadline::validation_chose);
  if (chose == 0) return "test images";
  return chose == size_of(headline.datasets) ? "validation images" : "validation or test images";
}

std::string legend(const Headline& headline, const TextStyle& style) {
  const std::string confidence = fmt::format("{:.3g} %", 100.0 * headline.confidence);
  std::vector<std::string> lines{
      "[a, b]: " + confidence + " interval of the test accuracy, for new trainings and new images",
      "k/n runs: k of n runs reach the target on " + counting_images(headline)};
  if (any_shown(headline)) {
    lines.push_back("shown: with " + confidence + " confidence, at least half of all runs would");
  }
  std::string out;
  for (const std::string& line : lines) out += dim(line, style) + "\n";
  return out;
}

// ---- one dataset -----------------------------------------------------------------------------

std::string named(const HeadlineNetwork& network) {
  const std::string how = network.compression.empty() ? "" : ", " + network.compression;
  return network.architecture + how;
}

std::string reached(const HeadlineNetwork& network) {
  if (network.runs == 1) {
    return fmt::format("{}/1 run; the interval covers new images only", network.met);
  }
  return fmt::format("{}/{} runs{}", network.met, network.runs, network.shown ? ", shown" : "");
}

std::string target_line(const DatasetHeadline& dataset, const TextStyle& style) {
  std::string text = percent_text(dataset.target) + " %";
  if (dataset.validation_target) {
    text += fmt::format(" on test images, {} % on validation images",
                        percent_text(*dataset.validation_target));
  }
  if (!dataset.best) return entry("target", text, style);
  const std::string best = fmt::format("{}, best{}: {}", named(*dataset.best),
                                       dataset.validation_chose ? " on validation" : "",
                                       with_interval(dataset.best->accuracy));
  text += dataset.target_given
              ? ", as set by the study; " + best
              : fmt::format("; {} points below {}",
                            one_decimal(dataset.best->accuracy.mean - dataset.target), best);
  return entry("target", text, style);
}

std::string smallest_lines(const DatasetHeadline& dataset, const TextStyle& style) {
  if (!dataset.smallest) {
    return entry("smallest",
                 fmt::format("none: in no architecture do {:.3g} % of the runs reach the target",
                             100.0 * dataset.reliability),
                 style);
  }
  const auto line = [&](const HeadlineNetwork& network) {
    return fmt::format("{}, {}: {}, {}", named(network), counted(network.parameters, "parameter"),
                       with_interval(network.accuracy), reached(network));
  };
  std::string out = entry("smallest", line(*dataset.smallest), style);
  if (dataset.shown) out += entry("shown", line(*dataset.shown), style);
  return out;
}

std::string compressed_line(const char* label, const HeadlineNetwork& network,
                            const TextStyle& style) {
  std::string text = fmt::format("{}, {}: {}, {}", bytes_text(network.bytes), named(network),
                                 with_interval(network.accuracy), reached(network));
  std::vector<std::string> costs;
  if (network.ram_bytes) {
    costs.push_back(human_bytes(static_cast<std::uint64_t>(*network.ram_bytes)) + " of RAM");
  }
  if (network.multiply_adds) costs.push_back(grouped(*network.multiply_adds) + " multiply-adds");
  if (!costs.empty()) text += fmt::format("; {}", fmt::join(costs, ", "));
  return entry(label, fmt::format("{}; {}", text, network.protocol), style);
}

std::string compressed_lines(const DatasetHeadline& dataset, const TextStyle& style) {
  if (dataset.in_c) return compressed_line("in C", *dataset.in_c, style);
  return dataset.compressed ? compressed_line("compressed", *dataset.compressed, style) : "";
}

std::string series_lines(const DatasetHeadline& dataset, std::size_t most, const TextStyle& style) {
  std::string out;
  for (std::size_t i = 0; i < std::min(most, dataset.series.size()); ++i) {
    const auto& [name, finding] = dataset.series[i];
    out += entry(i == 0 ? "series" : "", fmt::format("{}: {}", name, finding), style);
  }
  std::vector<std::string> rest;
  if (dataset.series.size() > most) {
    rest.push_back(fmt::format("{} more series", dataset.series.size() - most));
  }
  if (dataset.series_of_one_size > 0) {
    rest.push_back(
        fmt::format("{} with a single size, too few for an answer", dataset.series_of_one_size));
  }
  if (most > 1 && !rest.empty()) {
    out += entry("", fmt::format("and {}", fmt::join(rest, ", ")), style);
  }
  return out;
}

std::string failure_line(const DatasetHeadline& dataset, std::size_t most, const TextStyle& style) {
  if (dataset.failures.empty()) return "";
  std::vector<std::string> parts;
  std::int64_t left = 0;
  for (const auto& [architecture, failed, runs, reason] : dataset.failures) {
    if (parts.size() < most) {
      parts.push_back(fmt::format("{} {}/{} runs ({})", architecture, failed, runs, reason));
    } else {
      left += failed;
    }
  }
  if (parts.empty()) {
    return entry("failed",
                 fmt::format("{} of {}", counted(left, "run"),
                             counted(size_of(dataset.failures), "architecture")),
                 style);
  }
  std::string text = fmt::format("{}", fmt::join(parts, ", "));
  if (left > 0) text += fmt::format("; {} of other architectures", counted(left, "run"));
  return entry("failed", text, style);
}

std::string dataset_heading(const DatasetHeadline& dataset, const TextStyle& style) {
  const std::string name = printable(dataset.dataset, kLongestName);
  if (dataset.runs == 0) return heading(name, "no run has been recorded yet", style);
  const std::string runs =
      dataset.runs < dataset.runs_planned
          ? fmt::format("{} of {}", grouped(dataset.runs), counted(dataset.runs_planned, "run"))
          : counted(dataset.runs, "run");
  return heading(name, fmt::format("{}, {}", runs, counted(dataset.test_images, "test image")),
                 style);
}

std::string dataset_block(const DatasetHeadline& dataset, const Detail& detail,
                          const TextStyle& style) {
  std::string out = dataset_heading(dataset, style);
  if (dataset.runs == 0) return out;
  if (!dataset.no_target.empty()) {
    return out + entry("no answer", dataset.no_target, style) +
           failure_line(dataset, detail.failures, style);
  }
  out += target_line(dataset, style) + smallest_lines(dataset, style);
  if (detail.networks) out += compressed_lines(dataset, style);
  out += series_lines(dataset, detail.series, style);
  out += failure_line(dataset, detail.failures, style);
  return out;
}

// ---- all of it -------------------------------------------------------------------------------

/// Keeps a p-value and its number on one line.
std::string unbroken(std::string sentence) {
  for (const auto& [spaced, tight] : {std::pair("p = ", "p="), {"p < ", "p<"}}) {
    const auto at = sentence.find(spaced);
    if (at != std::string::npos) sentence.replace(at, 4, tight);
  }
  return sentence;
}

std::string claims_text(const Headline& headline, std::size_t most, const TextStyle& style) {
  std::string out;
  const std::size_t shown = std::min(most, headline.claims.size());
  for (std::size_t i = 0; i < shown; ++i) {
    out += entry(i == 0 ? "papers" : "", unbroken(headline.claims[i]), style);
  }
  std::vector<std::string> rest;
  if (headline.claims.size() > shown) {
    rest.push_back(fmt::format("{} more decided", headline.claims.size() - shown));
  }
  if (headline.claims_open > 0) {
    rest.push_back(fmt::format("{} undecided", grouped(headline.claims_open)));
  }
  if (headline.claims_untested > 0) {
    rest.push_back(fmt::format("{} cannot be tested here", grouped(headline.claims_untested)));
  }
  if (rest.empty()) return out;
  return out +
         entry(shown == 0 ? "papers" : "", fmt::format("claims: {}", fmt::join(rest, ", ")), style);
}

/// The first suggestion of each dataset, then the second ones, and so on.
std::vector<std::string> suggestions(const Headline& headline, std::size_t datasets) {
  constexpr std::size_t kMostEach = 3;
  std::vector<std::string> names;
  for (const DatasetHeadline& dataset : headline.datasets) names.push_back(dataset.dataset);
  std::vector<std::string> all;
  for (std::size_t rank = 0; rank < kMostEach; ++rank) {
    for (std::size_t i = 0; i < datasets; ++i) {
      const DatasetHeadline& dataset = headline.datasets[i];
      if (rank >= dataset.next.size()) continue;
      const std::string name = printable(dataset_label(dataset.dataset, names), kLongestName);
      all.push_back(datasets > 1 ? fmt::format("{}: {}", name, dataset.next[rank])
                                 : dataset.next[rank]);
    }
  }
  return all;
}

std::string next_text(const Headline& headline, const Detail& detail, const TextStyle& style) {
  const std::vector<std::string> all = suggestions(headline, detail.datasets);
  std::string out;
  for (std::size_t i = 0; i < std::min(detail.next, all.size()); ++i) {
    out += entry(i == 0 ? "next" : "", all[i], style);
  }
  return out;
}

std::string places_text(const Headline& headline, const SummaryPlaces& places,
                        const TextStyle& style) {
  std::string out;
  std::int64_t notes = 0;
  for (const DatasetHeadline& dataset : headline.datasets) notes += size_of(dataset.notes);
  if (notes > 0) {
    out +=
        entry("notes",
              fmt::format("{} about the data, which the report shows: what was left out or looks "
                          "wrong",
                          grouped(notes)),
              style);
  }
  if (!headline.lacks.empty()) {
    out += entry("missing",
                 fmt::format("{} that the store lacks; `minima status {}` names them",
                             counted(size_of(headline.lacks), "kind") + " of results",
                             shell_word(places.store)),
                 style);
  }
  constexpr std::size_t kLongestPath = 4096;
  if (!places.page.empty()) out += entry("figures", printable(places.page, kLongestPath), style);
  return out + entry("more", "minima report " + shell_word(places.store) + " --all", style);
}

std::string text_with(const Headline& headline, const SummaryPlaces& places, const Detail& detail,
                      const TextStyle& style) {
  std::string out = study_heading(headline, style) + legend(headline, style);
  for (std::size_t i = 0; i < detail.datasets; ++i) {
    out += "\n" + dataset_block(headline.datasets[i], detail, style);
  }
  if (const auto left = headline.datasets.size() - detail.datasets; left > 0) {
    out += fmt::format("\nand {} more\n", counted(static_cast<std::int64_t>(left), "dataset"));
  }
  return out + "\n" + claims_text(headline, detail.claims, style) +
         places_text(headline, places, style) + next_text(headline, detail, style);
}

}  // namespace

std::string with_interval(const analysis::HeadlineAccuracy& accuracy) {
  return fmt::format("{} % [{}, {}]", one_decimal(accuracy.mean), one_decimal(accuracy.low),
                     one_decimal(accuracy.high));
}

std::string summary_text(const Headline& headline, const SummaryPlaces& places,
                         const TextStyle& style) {
  std::string text;
  for (const Detail& detail : details(headline.datasets.size())) {
    text = text_with(headline, places, detail, style);
    if (lines_of(text) <= kSummaryLines) break;
  }
  return text;
}

}  // namespace minima::report
