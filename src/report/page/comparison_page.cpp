#include "report/page/comparison_page.h"

#include <fmt/format.h>

#include "core/text.h"
#include "report/figures/comparison_figures.h"
#include "report/page/html.h"
#include "report/page/page_figures.h"
#include "report/page/page_frame.h"
#include "report/text/style.h"

namespace minima::report {
namespace {

using analysis::DatasetComparison;

std::string paragraph(const std::string& sentence) {
  return sentence.empty() ? "" : fmt::format("<p class=\"found\">{}</p>\n", foreign(sentence));
}

/// The stores themselves; everything else calls them A and B.
std::string studies_html(const ComparisonInput& input) {
  std::string out;
  for (std::size_t i = 0; i < 2; ++i) {
    out += fmt::format("<p><strong>{}</strong>: {}</p>\n", i == 0 ? kFirstStudy : kSecondStudy,
                       foreign(study_text(input.places.stores[i], *input.headlines[i])));
  }
  return out;
}

std::string answers_html(const DatasetComparison& dataset) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [what, first, second] : answer_rows(dataset)) {
    rows.push_back({escaped(what), foreign(first), foreign(second)});
  }
  return html_table({"answer", kFirstStudy, kSecondStudy}, rows) +
         "<p class=\"dim\">k/n runs: k of n runs reach the target.</p>\n";
}

std::string pairs_html(const DatasetComparison& dataset) {
  if (dataset.pairs.empty()) return "";
  std::vector<std::vector<std::string>> rows;
  for (const analysis::ArchitecturePair& pair : dataset.pairs) {
    rows.push_back({foreign(pair.architecture), grouped(pair.parameters), percent(pair.first),
                    percent(pair.second), grouped(pair.first_runs), grouped(pair.second_runs),
                    with_interval(pair), pair.is_clear ? "yes" : ""});
  }
  return fmt::format("<details><summary>All {} as a table</summary>\n{}</details>\n",
                     counted(static_cast<std::int64_t>(dataset.pairs.size()), "architecture"),
                     html_table({"architecture", "parameters", "A, %", "B, %", "runs of A",
                                 "runs of B", "B minus A in points [interval]", "clear"},
                                rows, {1, 2, 3, 4, 5, 6}));
}

PageSection dataset_section(const ComparisonInput& input, const PageFigures& figures,
                            std::size_t i) {
  const DatasetComparison& dataset = input.comparison.datasets[i];
  std::vector<std::string> names;
  for (const auto& each : input.comparison.datasets) names.push_back(each.dataset);
  return {i == 0 ? "answer" : fmt::format("dataset-{}", i + 1), dataset.dataset,
          dataset_label(dataset.dataset, names),
          paragraph(difference_sentence(dataset)) +
              paragraph(pairs_sentence(dataset, input.comparison.confidence)) +
              answers_html(dataset) + figures.html(difference_kind(i)) +
              figures.html(both_accuracies_kind(i)) + pairs_html(dataset)};
}

PageSection settings_section(const analysis::Comparison& comparison) {
  std::string html;
  if (comparison.settings.empty()) {
    html = paragraph("The two studies have the same settings.");
  } else {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [setting, first, second] : comparison.settings) {
      rows.push_back({escaped(setting), foreign(first), foreign(second)});
    }
    html =
        paragraph("A difference of accuracies can have any of these causes, or several together.") +
        html_table({"setting", kFirstStudy, kSecondStudy}, rows);
  }
  return {"settings", "Which settings differ?", "Settings", html};
}

PageSection methods_section(const analysis::Comparison& comparison) {
  const std::string html = fmt::format(
      "<ul>\n<li>[a, b] is a {:.3g} % interval for new trainings and new test images.</li>\n"
      "<li>A difference is that of the means over all runs of an architecture. It is paired over "
      "the test images if both stores have predictions. A run that diverged counts with the "
      "accuracy of the most frequent class.</li>\n"
      "<li>The runs of A are taken as independent of those of B. Studies with the same seeds "
      "differ "
      "less by chance, so the intervals are then slightly too wide. The interval of the mean "
      "allows "
      "for runs of different architectures that see the same batches.</li>\n"
      "<li>Clear differences are those whose intervals, made wider for the number of architectures "
      "(Bonferroni), exclude zero.</li>\n"
      "<li>The networks of an answer are selected by their results. \"shown\" says which are "
      "more than a lucky choice.</li>\n</ul>\n",
      100.0 * comparison.confidence);
  return {"methods", "How are they compared?", "Methods", html};
}

}  // namespace

std::string comparison_page(const ComparisonInput& input, const std::string& written) {
  const PageFigures figures(figures_of(input.comparison));
  std::vector<PageSection> sections;
  for (std::size_t i = 0; i < input.comparison.datasets.size(); ++i) {
    sections.push_back(dataset_section(input, figures, i));
  }
  sections.push_back(settings_section(input.comparison));
  sections.push_back(methods_section(input.comparison));
  return framed_page(
      {.title = fmt::format("{} and {} - minima report", input.headlines[0]->study,
                            input.headlines[1]->study),
       .header = fmt::format("<p class=\"dim\">minima report{}</p>\n<h1>What differs between two "
                             "studies?</h1>\n{}",
                             written.empty() ? "" : " of " + escaped(written), studies_html(input)),
       .sections = std::move(sections)});
}

}  // namespace minima::report
