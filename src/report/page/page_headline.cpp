#include "report/page/page_headline.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <vector>

#include "core/text.h"
#include "report/page/html.h"
#include "report/screens/summary_text.h"
#include "report/text/style.h"

namespace minima::report {
namespace {

using analysis::DatasetHeadline;
using analysis::Headline;
using analysis::HeadlineNetwork;

std::string named(const HeadlineNetwork& network) {
  const std::string how = network.compression.empty() ? "" : ", " + network.compression;
  return fmt::format("<strong>{}</strong>{}", foreign(network.architecture), foreign(how));
}

std::string reached(const HeadlineNetwork& network, const DatasetHeadline& dataset) {
  return fmt::format("{} of {} reach it{}{}", network.met, counted(network.runs, "run"),
                     dataset.validation_chose ? " on validation images" : "",
                     network.shown ? " (settled)" : "");
}

std::string line(const std::string& label, const std::string& text, bool big = false) {
  return fmt::format("<p{}><span>{}</span> {}</p>", big ? " class=\"big\"" : "", label, text);
}

std::string list(const std::string& title, const std::vector<std::string>& items) {
  if (items.empty()) return "";
  std::string out;
  for (const std::string& item : items) out += "<li>" + item + "</li>";
  return fmt::format("<h4>{}</h4><ul>{}</ul>", title, out);
}

std::string runs_text(const DatasetHeadline& dataset) {
  if (dataset.runs >= dataset.runs_planned) return counted(dataset.runs, "run");
  return fmt::format("{} of {} so far", grouped(dataset.runs),
                     counted(dataset.runs_planned, "run"));
}

// ---- the networks ----------------------------------------------------------------------------

std::string smallest_html(const DatasetHeadline& dataset) {
  std::string label =
      fmt::format("Smallest network that reaches {} %", percent_text(dataset.target));
  if (dataset.validation_target) {
    label += fmt::format(" on test images, {} % on validation images",
                         percent_text(*dataset.validation_target));
  }
  if (!dataset.smallest) {
    return line(label,
                fmt::format("none: in no architecture do {:.3g} % of the runs reach it",
                            100.0 * dataset.reliability),
                true);
  }
  const auto described = [&dataset](const HeadlineNetwork& network) {
    return fmt::format("{}, {}: {}; {}", named(network), counted(network.parameters, "parameter"),
                       with_interval(network.accuracy), reached(network, dataset));
  };
  std::string out = line(label, described(*dataset.smallest), true);
  if (dataset.shown) out += line("Smallest that is settled", described(*dataset.shown));
  return out;
}

std::string compressed_html(const char* label, const std::optional<HeadlineNetwork>& compressed,
                            const DatasetHeadline& dataset) {
  if (!compressed) return "";
  const HeadlineNetwork& network = *compressed;
  std::string text = fmt::format(
      "{}: {}, {}; {}", human_bytes(static_cast<std::uint64_t>(std::llround(network.bytes))),
      named(network), with_interval(network.accuracy), reached(network, dataset));
  if (network.ram_bytes) {
    text += fmt::format("; {} of RAM", human_bytes(static_cast<std::uint64_t>(*network.ram_bytes)));
  }
  if (network.multiply_adds)
    text += fmt::format("; {} multiply-adds", grouped(*network.multiply_adds));
  return line(label,
              text + fmt::format(" <small class=\"dim\">{}</small>", foreign(network.protocol)));
}

std::string best_html(const DatasetHeadline& dataset) {
  if (!dataset.best) return "";
  return line(dataset.validation_chose ? "Best on validation images" : "Best",
              fmt::format("{}, {}: {}", named(*dataset.best),
                          counted(dataset.best->parameters, "parameter"),
                          with_interval(dataset.best->accuracy)));
}

// ---- the rest of a card ----------------------------------------------------------------------

std::string series_html(const DatasetHeadline& dataset) {
  std::vector<std::string> items;
  for (const auto& [name, finding] : dataset.series) {
    items.push_back(fmt::format("{}: {}", foreign(name), foreign(finding)));
  }
  if (dataset.series_of_one_size > 0) {
    items.push_back(
        fmt::format("{} series of one size, too few for an answer", dataset.series_of_one_size));
  }
  return list("Do larger networks help?", items);
}

std::string failures_html(const DatasetHeadline& dataset) {
  std::vector<std::string> items;
  for (const auto& [architecture, failed, runs, reason] : dataset.failures) {
    items.push_back(fmt::format("{}: {} of {} ({})", foreign(architecture), failed,
                                counted(runs, "run"), foreign(reason)));
  }
  return list("Failed runs", items);
}

std::string next_html(const DatasetHeadline& dataset) {
  std::vector<std::string> items;
  for (const std::string& next : dataset.next) items.push_back(foreign(next));
  return list("What to do next", items);
}

std::string notes_html(const DatasetHeadline& dataset) {
  std::vector<std::string> items;
  for (const std::string& note : dataset.notes) items.push_back(foreign(note));
  return list("About these data", items);
}

std::string card(const DatasetHeadline& dataset) {
  std::string out = fmt::format("<article class=\"card\"><h3>{}</h3>", foreign(dataset.dataset));
  if (dataset.runs == 0) {
    return out + "<p>No run has been recorded yet.</p>" + notes_html(dataset) + "</article>\n";
  }
  out += fmt::format(
      "<p class=\"dim\">{}. {} resolve differences above {:.1f} points{}.</p>", runs_text(dataset),
      counted(dataset.test_images, "test image"), 100.0 * dataset.resolution,
      dataset.validation_chose ? ". Networks were chosen, and runs counted, by validation images. "
                                 "The accuracies are those of test images"
                               : "");
  out += notes_html(dataset);
  if (!dataset.no_target.empty()) {
    return out + fmt::format("<p>No answer: {}</p>", foreign(dataset.no_target)) +
           failures_html(dataset) + "</article>\n";
  }
  return out + smallest_html(dataset) +
         compressed_html("Smallest in bytes", dataset.compressed, dataset) +
         compressed_html("Smallest that exports as C", dataset.in_c, dataset) + best_html(dataset) +
         series_html(dataset) + failures_html(dataset) + next_html(dataset) + "</article>\n";
}

}  // namespace

std::string headline_html(const Headline& headline) {
  std::string out = fmt::format(
      "<p class=\"dim\">[a, b] is the {0:.3g} % interval of the test accuracy, for new trainings "
      "and new images. Settled: with {0:.3g} % confidence, at least half of all new trainings "
      "would reach the target.</p>\n",
      100.0 * headline.confidence);
  if (!headline.changed.empty()) {
    out += fmt::format(
        "<p><strong>Values of {} changed after they were recorded. Do not trust what follows from "
        "them.</strong></p>\n",
        foreign(headline.changed));
  }
  for (const std::string& lack : headline.lacks) {
    out += fmt::format("<p class=\"dim\">{}</p>\n", foreign(lack));
  }
  out += "<div class=\"cards\">\n";
  for (const DatasetHeadline& dataset : headline.datasets) out += card(dataset);
  return out + "</div>\n";
}

}  // namespace minima::report
