// The first screen: the answer with its uncertainty, the picture that shows it, the trade-offs, and
// what to do next.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/text.h"
#include "report/page/html.h"
#include "report/page/page.h"
#include "report/page/page_figures.h"
#include "report/page/sentences.h"
#include "report/screens/summary_text.h"
#include "report/text/style.h"

namespace minima::report {
namespace {

using analysis::DatasetHeadline;
using analysis::DatasetHighlights;
using analysis::HeadlineNetwork;

// ---- networks --------------------------------------------------------------------------------

std::string row_html(const std::string& role, const std::string& network,
                     const std::string& facts) {
  return fmt::format("<dt>{}</dt><dd><strong>{}</strong><br>{}</dd>\n", role, foreign(network),
                     facts);
}

std::string runs_text(const HeadlineNetwork& network) {
  return fmt::format("{} of {}{}", network.met, counted(network.runs, "run"),
                     network.shown ? ", shown" : "");
}

/// `size`: "2,346 parameters" or "1.3 KB".
std::string network_html(const std::string& role, const std::optional<HeadlineNetwork>& network,
                         const std::string& size, bool with_runs) {
  if (!network) return "";
  const std::string how = network->compression.empty() ? "" : ", " + network->compression;
  std::string facts = fmt::format("{} · {}", size, with_interval(network->accuracy));
  if (with_runs) facts += " · " + runs_text(*network);
  return row_html(role, network->architecture + how, facts);
}

std::string parameters_text(const std::optional<HeadlineNetwork>& network) {
  return network ? counted(network->parameters, "parameter") : "";
}

std::string bytes_of(const std::optional<HeadlineNetwork>& network) {
  return network ? bytes_text(network->bytes) : "";
}

std::string networks_html(const DatasetHeadline& dataset) {
  std::string out =
      network_html("Smallest", dataset.smallest, parameters_text(dataset.smallest), true) +
      network_html("Smallest shown", dataset.shown, parameters_text(dataset.shown), true) +
      network_html("Fewest bytes", dataset.compressed, bytes_of(dataset.compressed), true) +
      network_html("Fewest bytes in C", dataset.in_c, bytes_of(dataset.in_c), true) +
      network_html(dataset.validation_chose ? "Best on validation images" : "Most accurate",
                   dataset.best, parameters_text(dataset.best), false);
  return out.empty() ? "" : "<dl class=\"networks\">\n" + out + "</dl>\n";
}

/// The best network for a few sizes of memory.
std::string budgets_html(const DatasetHighlights& highlights) {
  constexpr std::size_t kMost = 5;
  std::string out;
  for (std::size_t i = 0; i < std::min(kMost, highlights.budgets.size()); ++i) {
    const auto& [budget, choice] = highlights.budgets[i];
    out +=
        fmt::format("<tr><th scope=\"row\">{}</th><td class=\"n\">{:.1f} %</td><td>{}</td></tr>\n",
                    bytes_text(budget), 100.0 * choice.accuracy.mean, foreign(choice_text(choice)));
  }
  if (out.empty()) return "";
  return "<h3>With this much memory</h3>\n<table class=\"budgets\">" + out + "</table>\n";
}

// ---- what to do next -------------------------------------------------------------------------

/// A suggestion, with its command set apart.
std::string suggestion_html(const std::string& text) {
  constexpr std::string_view kCommand = ": minima ";
  const std::size_t at = text.find(kCommand);
  if (at == std::string::npos) return foreign(text);
  return fmt::format("{}: <code>{}</code>", foreign(text.substr(0, at)),
                     escaped(text.substr(at + 2)));
}

std::string next_html(const DatasetHeadline& dataset) {
  std::string items;
  for (const std::string& next : dataset.next) items += "<li>" + suggestion_html(next) + "</li>\n";
  if (items.empty()) return "";
  return "<h3>What to do next</h3>\n<ul class=\"next\">" + items + "</ul>\n";
}

// ---- about the data --------------------------------------------------------------------------

/// What the accuracies are worth: one line, and more when it is opened.
std::string facts_html(const DatasetHeadline& dataset, double confidence) {
  std::string text = fmt::format(
      "[a, b] is the {:.3g} % interval of the test accuracy, for new trainings and new images. The "
      "test images resolve differences above {:.1f} points.",
      100.0 * confidence, 100.0 * dataset.resolution);
  if (dataset.validation_chose) {
    text += " Networks are chosen, and runs counted, by validation images";
    if (dataset.validation_target) {
      text += fmt::format(" (target there: {} %)", percent_text(*dataset.validation_target));
    }
    text += "; accuracies are those of test images.";
  } else {
    text +=
        " The test images themselves choose the networks, so the accuracies of chosen networks are "
        "a little too high.";
  }
  return fmt::format("<details><summary>{}, {}, intervals</summary><p>{}</p></details>\n",
                     runs_so_far(dataset.runs, dataset.runs_planned),
                     counted(dataset.test_images, "test image"), text);
}

/// One line: a note, or the number of notes, which opens them.
std::string notes_html(const DatasetHeadline& dataset) {
  if (dataset.notes.empty()) return "";
  if (dataset.notes.size() == 1) {
    return fmt::format("<p class=\"note\">About these data: {}</p>\n",
                       foreign(dataset.notes.front()));
  }
  std::string items;
  for (const std::string& note : dataset.notes) items += "<li>" + foreign(note) + "</li>\n";
  return fmt::format(
      "<details class=\"note\"><summary>About these data: {}</summary><ul>{}</ul></details>\n",
      counted(static_cast<std::int64_t>(dataset.notes.size()), "note"), items);
}

std::string failures_html(const DatasetHighlights& highlights) {
  if (highlights.failures.failed == 0) return "";
  return fmt::format("<p><a href=\"#training\">{} failed: why?</a></p>\n",
                     counted(highlights.failures.failed, "run"));
}

std::string answer_html(const DatasetHeadline& dataset, double confidence) {
  return fmt::format("<div{}>\n<h2 class=\"answer\">{}</h2>\n<p>{}</p>\n{}</div>\n",
                     scope_html({.dataset = dataset.dataset}), foreign(answer_sentence(dataset)),
                     foreign(certainty_sentence(dataset, confidence)), notes_html(dataset));
}

std::string side_html(const DatasetHeadline& dataset, const DatasetHighlights& highlights,
                      double confidence) {
  if (dataset.runs == 0) return "";
  return fmt::format("<div{}>\n", scope_html({.dataset = dataset.dataset})) +
         networks_html(dataset) + budgets_html(highlights) + next_html(dataset) +
         failures_html(highlights) + facts_html(dataset, confidence) + "</div>\n";
}

/// One line per dataset, which also selects it; empty for one dataset.
std::string overview_html(const analysis::Headline& headline) {
  if (headline.datasets.size() < 2) return "";
  std::vector<std::string> names;
  for (const DatasetHeadline& dataset : headline.datasets) names.push_back(dataset.dataset);
  std::string items;
  for (const DatasetHeadline& dataset : headline.datasets) {
    items += fmt::format(
        "<li><a href=\"#answer&amp;dataset={}\" data-select=\"{}\"><strong>{}</strong> "
        "{}</a></li>\n",
        fragment_value(dataset.dataset), escaped(dataset.dataset),
        foreign(dataset_label(dataset.dataset, names)), foreign(overview_text(dataset)));
  }
  return "<ul class=\"overview\">\n" + items + "</ul>\n";
}

std::string warnings_html(const analysis::Headline& headline) {
  std::string out;
  if (!headline.changed.empty()) {
    out += fmt::format(
        "<p class=\"note\"><strong>Values of {} changed after they were recorded. Do not trust "
        "what "
        "follows from them.</strong></p>\n",
        foreign(headline.changed));
  }
  for (const std::string& lack : headline.lacks) {
    out += fmt::format("<p class=\"dim\">{}</p>\n", foreign(lack));
  }
  return out;
}

}  // namespace

PageSection answer_section(const PageParts& parts) {
  const analysis::Headline& headline = parts.input.headline;
  std::string sentences;
  std::string side;
  for (std::size_t i = 0; i < headline.datasets.size(); ++i) {
    sentences += answer_html(headline.datasets[i], headline.confidence);
    side += side_html(headline.datasets[i], parts.highlights[i], headline.confidence);
  }
  return {"answer", "", "Answer",
          warnings_html(headline) + overview_html(headline) + sentences +
              "<div class=\"split\">\n<div class=\"side\">\n" + side + "</div>\n" +
              parts.figures.html("overview") + "</div>\n"};
}

}  // namespace minima::report
