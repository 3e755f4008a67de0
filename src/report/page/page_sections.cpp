// The sections between the answer and the papers. Each opens with one sentence of what was found
// and one figure; further figures and tables are folded.
#include <fmt/format.h>

#include <functional>

#include "core/text.h"
#include "report/page/html.h"
#include "report/page/page.h"
#include "report/page/page_figures.h"
#include "report/page/sentences.h"
#include "report/text/style.h"

namespace minima::report {
namespace {

using analysis::DatasetHeadline;
using analysis::DatasetHighlights;

/// A section as planned; it is left out if the store has nothing for it.
struct Plan {
  const char* id;
  const char* title;
  const char* short_title;
  std::string sentences;               ///< HTML
  std::vector<const char*> main;       ///< kinds of figures; the first that exists is shown
  std::vector<const char*> more = {};  ///< kinds of further figures, folded
  std::string table = "";              ///< HTML, shown
  std::string folded = "";             ///< HTML of further <details>
};

/// A sentence for each dataset; the page shows the one of the selected dataset.
std::string for_each_dataset(
    const PageParts& parts,
    const std::function<std::string(const DatasetHeadline&, const DatasetHighlights&)>& html) {
  std::string out;
  for (std::size_t i = 0; i < parts.input.headline.datasets.size(); ++i) {
    const DatasetHeadline& dataset = parts.input.headline.datasets[i];
    const std::string content = html(dataset, parts.highlights[i]);
    if (content.empty()) continue;
    out += fmt::format("<div{}>{}</div>\n", scope_html({.dataset = dataset.dataset}), content);
  }
  return out;
}

std::string found(const std::string& sentence) {
  return fmt::format("<p class=\"found\">{}</p>", foreign(sentence));
}

std::string details(const std::string& summary, const std::string& html) {
  return fmt::format("<details><summary>{}</summary>\n{}</details>\n", summary, html);
}

std::string list_of(const std::vector<std::string>& items) {
  std::string out = "<ul>";
  for (const std::string& item : items) out += "<li>" + foreign(item) + "</li>";
  return out + "</ul>";
}

// ---- what is folded --------------------------------------------------------------------------

std::string series_list(const DatasetHeadline& dataset) {
  std::vector<std::string> items;
  for (const auto& [name, finding] : dataset.series)
    items.push_back(fmt::format("{}: {}", name, finding));
  if (dataset.series_of_one_size > 0) {
    items.push_back(fmt::format("{} series with a single size, too few for an answer",
                                dataset.series_of_one_size));
  }
  return items.empty() ? "" : details("Every series: do larger networks help?", list_of(items));
}

std::string failure_list(const DatasetHeadline& dataset) {
  constexpr std::size_t kMost = 20;
  std::vector<std::string> items;
  for (const auto& [architecture, failed, runs, reason] : dataset.failures) {
    if (items.size() == kMost) {
      items.push_back(
          fmt::format("and {}: see the table diagnoses (minima export)",
                      counted(static_cast<std::int64_t>(dataset.failures.size() - kMost),
                              "more architecture")));
      break;
    }
    items.push_back(
        fmt::format("{}: {} of {} ({})", architecture, failed, counted(runs, "run"), reason));
  }
  return items.empty() ? "" : details("Failed runs by architecture", list_of(items));
}

std::string accuracy_html(const analysis::TradeOff& row) {
  std::string mean = fmt::format("{:.1f} %", 100.0 * row.accuracy.mean);
  if (!row.low || !row.high) return mean;
  return fmt::format("{} [{:.1f}, {:.1f}]", mean, 100.0 * *row.low, 100.0 * *row.high);
}

std::string budget_table(const DatasetHighlights& dataset) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [budget, choice] : dataset.budgets) {
    rows.push_back({human_bytes(static_cast<std::uint64_t>(budget)), foreign(choice_text(choice)),
                    human_bytes(static_cast<std::uint64_t>(choice.bytes + 0.5)),
                    accuracy_html(choice),
                    choice.gain_shown ? (*choice.gain_shown ? "yes" : "no") : "",
                    grouped(choice.accuracy.runs)});
  }
  if (rows.empty()) return "";
  return html_table({"budget", "best network", "takes", "test accuracy", "gain shown", "runs"},
                    rows, {0, 2, 5}) +
         "<p class=\"dim\">The intervals hold for all networks at once. Gain shown: significantly "
         "more accurate than the next smaller network on the front.</p>\n";
}

// ---- the plan --------------------------------------------------------------------------------

std::vector<Plan> plans_of(const PageParts& parts) {
  const PageInput& input = parts.input;
  const double tolerance = input.compression.settings.compression_tolerance;
  const auto by_headline = [&](const auto& sentence) {
    return for_each_dataset(parts, [&](const DatasetHeadline& of, const DatasetHighlights& /*h*/) {
      return found(sentence(of));
    });
  };
  const auto by_highlights = [&](const auto& sentence) {
    return for_each_dataset(parts, [&](const DatasetHeadline& /*h*/, const DatasetHighlights& of) {
      return found(sentence(of));
    });
  };
  return {
      {.id = "size",
       .title = "Do larger networks help?",
       .short_title = "Size",
       .sentences = by_headline(size_sentence),
       .main = {"accuracy"},
       .more = {"success"},
       .folded =
           for_each_dataset(parts, [](const auto& of, const auto&) { return series_list(of); })},
      {.id = "training",
       .title = "Why do runs fail?",
       .short_title = "Failures",
       .sentences = by_highlights(training_sentence),
       .main = {"curves-grid", "curves"},
       .more = {"curves", "diagnoses", "dead-units"},
       .folded =
           for_each_dataset(parts, [](const auto& of, const auto&) { return failure_list(of); })},
      {.id = "network",
       .title = "What does the recommended network cost?",
       .short_title = "Network",
       .sentences = by_headline(network_sentence),
       .main = {"learning"}},
      {.id = "classes",
       .title = "What does it confuse?",
       .short_title = "Classes",
       .sentences = by_highlights(class_sentence),
       .main = {"confusion"},
       .more = {"classes"},
       .table = galleries_html(input)},
      {.id = "pruning",
       .title = "How many weights can go?",
       .short_title = "Pruning",
       .sentences = by_highlights([&](const auto& of) { return pruning_sentence(of, tolerance); }),
       .main = {"pruning"},
       .more = {"redundancy", "phases", "depth"}},
      {.id = "quantization",
       .title = "How few bits are enough?",
       .short_title = "Bits",
       .sentences =
           by_highlights([&](const auto& of) { return quantization_sentence(of, tolerance); }),
       .main = {"bits"},
       .more = {"total-bits"}},
      {.id = "trade-offs",
       .title = "What fits into a given memory?",
       .short_title = "Memory",
       .sentences = by_highlights(trade_off_sentence),
       .main = {"sparsity-bits"},
       .table =
           for_each_dataset(parts, [](const auto&, const auto& of) { return budget_table(of); })},
      {.id = "layers",
       .title = "Which layer is sensitive?",
       .short_title = "Layers",
       .sentences = by_highlights(layer_sentence),
       .main = {"layers-pruned", "layers-quantized"},
       .more = {"layers-quantized"}},
      {.id = "weights",
       .title = "What do the weights of successful networks have in common?",
       .short_title = "Weights",
       .sentences = found(weight_sentence(input.findings)),
       .main = {"sigma-mu"},
       .more = {"densities", "courses", "strengths", "projection", "projection-weights"}}};
}

std::string figures_html(const PageParts& parts, const Plan& plan) {
  std::string main;
  std::string more;
  std::string titles;
  std::string shown;
  for (const char* kind : plan.main) {
    if (!shown.empty() || !parts.figures.has(kind)) continue;
    shown = kind;
    main = parts.figures.html(kind);
  }
  for (const char* kind : plan.more) {
    if (kind == shown || !parts.figures.has(kind)) continue;
    more += parts.figures.html(kind);
    titles += (titles.empty() ? "More: " : "; ") + parts.figures.title(kind);
  }
  return main + plan.table +
         (more.empty() ? ""
                       : details(foreign(titles), "<div class=\"more\">\n" + more + "</div>\n")) +
         plan.folded;
}

}  // namespace

std::vector<PageSection> result_sections(const PageParts& parts) {
  std::vector<PageSection> sections;
  for (const Plan& plan : plans_of(parts)) {
    const std::string content = figures_html(parts, plan);
    if (content.empty()) continue;
    sections.push_back({plan.id, plan.title, plan.short_title, plan.sentences + content});
  }
  return sections;
}

}  // namespace minima::report
