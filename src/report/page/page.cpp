#include "report/page/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/population/status.h"
#include "core/text.h"
#include "record/run_result.h"
#include "report/page/assets.h"
#include "report/page/html.h"
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
    for (const std::string_view code :
         {assets.vega, assets.vega_lite, assets.vega_embed, assets.chart}) {
      scripts.push_back(script_of(code));
    }
  }
  scripts.push_back(script_of(assets.script));
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

std::string figure_html(const Figure& figure) {
  Json tables = Json::object();
  for (const auto& [name, table] : figure.data) tables[name] = compact_table(table);
  const Json content = {{"id", figure.id},
                        {"title", figure.title},
                        {"caption", figure.caption},
                        {"spec", figure.spec},
                        {"tables", std::move(tables)}};
  return fmt::format(
      "<figure id=\"{0}\" data-figure>\n<h3>{1}</h3>\n"
      "<div class=\"plot\" role=\"img\" aria-label=\"{2}\"></div>\n"
      "<figcaption>{3}</figcaption>\n<div class=\"tools\"></div>\n"
      "<script type=\"application/json\">{4}</script>\n</figure>\n",
      figure.id, foreign(figure.title), escaped(figure.title), foreign(figure.caption),
      json_in_script(content));
}

std::string anchor_of(const std::string& title) {
  std::string id = "figures-";
  for (const char c : title) {
    const bool is_capital = c >= 'A' && c <= 'Z';
    id += c == ' ' ? '-' : is_capital ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return id;
}

/// Sections of figures by heading, in order.
std::vector<PageSection> figure_sections(const std::vector<Figure>& figures) {
  std::vector<PageSection> sections;
  for (const Figure& figure : figures) {
    if (sections.empty() || sections.back().title != figure.section) {
      sections.push_back({anchor_of(figure.section), figure.section, ""});
    }
    sections.back().html += figure_html(figure);
  }
  return sections;
}

std::string contents_of(const std::vector<PageSection>& sections) {
  std::string out = "<nav aria-label=\"Contents\"><ol>\n";
  for (const PageSection& section : sections) {
    out += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", section.id, escaped(section.title));
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
      "<p class=\"note\" id=\"unfinished\">Unfinished: {} of {} so far{}. While minima runs, "
      "reload the page to see more. If it was stopped, <code>minima run</code> continues.</p>\n",
      grouped(planned - left), counted(planned, "run"),
      left == 0 ? ", but the compression or analysis after them is not complete" : "");
}

std::string header_of(const PageInput& input, const PageAssets& assets) {
  std::string out = fmt::format(
      "<header><p class=\"dim\">minima report{}</p><h1>{}</h1><p>{} on {}. How small can a network "
      "be and still solve the task reliably?</p>\n",
      input.written.empty() ? "" : ", " + escaped(input.written),
      foreign(input.population.study.name), counted(input.convergence.runs, "run"),
      counted(static_cast<std::int64_t>(input.population.datasets.size()), "dataset"));
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

}  // namespace

std::string page_html(const PageInput& input) {
  const PageAssets assets = page_assets();
  const std::vector<Script> scripts = scripts_of(assets);
  const std::vector<Figure> figures = figures_of({.population = input.population,
                                                  .convergence = input.convergence,
                                                  .compression = input.compression,
                                                  .weights = input.weights,
                                                  .projection = input.projection,
                                                  .predictions = input.predictions});
  std::vector<PageSection> sections{answer_section(input), findings_section(input)};
  for (PageSection& section : figure_sections(figures)) sections.push_back(std::move(section));
  if (!input.galleries.empty()) sections.push_back(errors_section(input));
  for (PageSection& section : std::vector<PageSection>{methods_section(input), glossary_section(),
                                                       tables_section(input)}) {
    sections.push_back(std::move(section));
  }
  std::string out = head_of(input.population.study.name + " - minima report", assets, scripts);
  out += "<body>\n<a class=\"skip\" href=\"#answer\">Skip to the answer</a>\n" +
         header_of(input, assets) + "<div class=\"layout\">\n" + contents_of(sections) + "<main>\n";
  for (const PageSection& section : sections) {
    out += fmt::format("<section id=\"{}\"><h2>{}</h2>\n{}</section>\n", section.id,
                       escaped(section.title), section.html);
  }
  out += "</main>\n</div>\n<footer>\n" + licenses_html(assets) + "</footer>\n";
  for (const Script& script : scripts) out += "<script>" + script.code + "</script>\n";
  return out + "</body>\n</html>\n";
}

}  // namespace minima::report
