#include "report/page/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/population/status.h"
#include "core/text.h"
#include "record/run_result.h"
#include "report/page/html.h"
#include "report/page/page_figures.h"
#include "report/page/page_frame.h"
#include "report/text/style.h"

namespace minima::report {
namespace {

/// Empty if all planned runs are done.
std::string unfinished_html(const PageInput& input) {
  const auto& runs = input.population.runs;
  const auto left = std::ranges::count(runs, record::RunStatus::planned,
                                       [](const auto& run) { return run.result.status; });
  if (left == 0 && !analysis::has_work_left(input.population.sessions)) return "";
  const auto planned = static_cast<std::int64_t>(runs.size());
  return fmt::format(
      "<p class=\"note\" id=\"unfinished\" data-written=\"{}\">Unfinished: {} of {} so far{}. "
      "While "
      "minima runs, this page shows more after a while. If minima was stopped, <code>minima "
      "run</code> continues. <span class=\"age\"></span></p>\n",
      escaped(input.written), grouped(planned - left), counted(planned, "run"),
      left == 0 ? ", but the compression or analysis after them is not complete" : "");
}

/// "300 runs of 34 architectures on 2 datasets; 12,600 compressed networks".
std::string scale_text(const analysis::Headline& headline) {
  std::string text =
      fmt::format("{} of {} on {}", counted(headline.runs, "run"),
                  counted(headline.architectures, "architecture"),
                  counted(static_cast<std::int64_t>(headline.datasets.size()), "dataset"));
  if (headline.compressed_networks > 0) {
    text += fmt::format("; {}", counted(headline.compressed_networks, "compressed network"));
  }
  return text;
}

std::string header_of(const PageInput& input) {
  std::string out = fmt::format(
      "<p class=\"dim\"><strong>{}</strong> · {} · minima report{}</p>\n<h1>How small "
      "can "
      "a network be and still solve the task reliably?</h1>\n",
      foreign(input.population.study.name), scale_text(input.headline),
      input.written.empty() ? "" : " of " + escaped(input.written));
  out += unfinished_html(input);
  return out;
}

/// In the order of the page.
std::vector<PageSection> sections_of(const PageParts& parts) {
  std::vector<PageSection> sections{answer_section(parts)};
  for (PageSection& section : result_sections(parts)) sections.push_back(std::move(section));
  sections.push_back(papers_section(parts));
  sections.push_back(methods_section(parts.input));
  sections.push_back(glossary_section());
  sections.push_back(tables_section(parts.input));
  return sections;
}

}  // namespace

std::string page_html(const PageInput& input) {
  const PageFigures figures(figures_of({.population = input.population,
                                        .convergence = input.convergence,
                                        .compression = input.compression,
                                        .weights = input.weights,
                                        .projection = input.projection,
                                        .predictions = input.predictions,
                                        .headline = &input.headline}));
  const PageParts parts{input, figures,
                        analysis::highlights_of({.convergence = input.convergence,
                                                 .compression = input.compression,
                                                 .population = input.population,
                                                 .headline = input.headline,
                                                 .outcomes = input.predictions})};
  return framed_page({.title = input.population.study.name + " - minima report",
                      .selectors = selectors_html(input),
                      .header = header_of(input),
                      .sections = sections_of(parts)});
}

}  // namespace minima::report
