#include "report/page/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/population/status.h"
#include "core/text.h"
#include "record/run_result.h"
#include "report/page/assets.h"
#include "report/page/html.h"
#include "report/page/page_figures.h"
#include "report/text/style.h"

namespace minima::report {
namespace {

struct Script {
  std::string code;
  std::string hash;
};

Script script_of(std::string_view code) {
  // Includes the line breaks, because the policy hashes everything between the tags.
  const std::string text = "\n" + code_in_script(code) + "\n";
  return {text, policy_hash(text)};
}

/// In execution order: later scripts depend on earlier ones.
std::vector<Script> scripts_of(const PageAssets& assets) {
  std::vector<Script> scripts;
  if (assets.can_draw()) {
    for (const std::string_view code : {assets.vega, assets.vega_lite, assets.vega_embed}) {
      scripts.push_back(script_of(code));
    }
  }
  for (const std::string_view code : {assets.chart, assets.figures, assets.script}) {
    scripts.push_back(script_of(code));
  }
  return scripts;
}

/// Permits only the content of this file: no requests, no code evaluated from text.
std::string policy_of(const std::vector<Script>& scripts) {
  std::string policy =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; "
      "base-uri 'none'; form-action 'none'; script-src";
  for (const Script& script : scripts) policy += " " + script.hash;
  return policy;
}

std::string head_of(const std::string& title, const PageAssets& assets,
                    const std::vector<Script>& scripts) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n"
      "<title>{}</title>\n<style>\n{}</style>\n</head>\n",
      policy_of(scripts), escaped(title), assets.style);
}

std::string contents_of(const std::vector<PageSection>& sections) {
  std::string out = "<nav aria-label=\"Contents\"><ol>\n";
  for (const PageSection& section : sections) {
    out +=
        fmt::format("<li><a href=\"#{}\">{}</a></li>\n", section.id, escaped(section.short_title));
  }
  return out + "</ol></nav>\n";
}

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

std::string header_of(const PageInput& input, const PageAssets& assets) {
  std::string out = fmt::format(
      "<header>\n<p class=\"dim\"><strong>{}</strong> · {} · minima report{}</p>\n<h1>How small "
      "can "
      "a network be and still solve the task reliably?</h1>\n",
      foreign(input.population.study.name), scale_text(input.headline),
      input.written.empty() ? "" : " of " + escaped(input.written));
  out += unfinished_html(input);
  out +=
      "<noscript><p class=\"note\">Figures need JavaScript. The answer, the findings and the "
      "tables do not.</p></noscript>\n";
  if (!assets.can_draw()) {
    out +=
        "<p class=\"note\">This program was built without Vega, so it cannot draw figures. You can "
        "save the data and the specification of each. <code>scripts/install-deps"
        "</code> installs Vega; then build again.</p>\n";
  }
  return out + "</header>\n";
}

std::string licenses_html(const PageAssets& assets) {
  if (!assets.can_draw()) return "";
  return fmt::format(
      "<details><summary>Licenses of Vega, Vega-Lite and Vega-Embed, which draw the "
      "figures</summary>"
      "<pre>{}</pre></details>\n",
      escaped(assets.licenses));
}

std::string section_html(const PageSection& section) {
  const std::string heading =
      section.title.empty() ? "" : fmt::format("<h2>{}</h2>\n", escaped(section.title));
  return fmt::format("<section id=\"{}\">{}\n{}</section>\n", section.id, heading, section.html);
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
  const PageAssets assets = page_assets();
  const std::vector<Script> scripts = scripts_of(assets);
  const PageFigures figures(figures_of({.population = input.population,
                                        .convergence = input.convergence,
                                        .compression = input.compression,
                                        .weights = input.weights,
                                        .projection = input.projection,
                                        .predictions = input.predictions,
                                        .headline = &input.headline}));
  const std::vector<PageSection> sections =
      sections_of({input, figures,
                   analysis::highlights_of({.convergence = input.convergence,
                                            .compression = input.compression,
                                            .population = input.population,
                                            .headline = input.headline,
                                            .outcomes = input.predictions})});
  std::string out = head_of(input.population.study.name + " - minima report", assets, scripts);
  out +=
      "<body>\n<a class=\"skip\" href=\"#answer\">Skip to the answer</a>\n<div class=\"layout\">\n";
  out += "<div class=\"bar\">\n" + selectors_html(input) + contents_of(sections) + "</div>\n";
  out += "<div class=\"page\">\n" + header_of(input, assets) + "<main>\n";
  for (const PageSection& section : sections) out += section_html(section);
  out += "</main>\n<footer>\n" + licenses_html(assets) + "</footer>\n</div>\n</div>\n";
  for (const Script& script : scripts) out += "<script>" + script.code + "</script>\n";
  return out + "</body>\n</html>\n";
}

}  // namespace minima::report
