#include "report/page/page_frame.h"

#include <fmt/format.h>

#include "report/page/assets.h"
#include "report/page/html.h"

namespace minima::report {
namespace {

constexpr std::string_view kGenerator = "<meta name=\"generator\" content=\"minima\">";

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
      "<meta name=\"color-scheme\" content=\"light dark\">\n{}\n"
      "<link rel=\"icon\" href=\"data:,\">\n"
      "<title>{}</title>\n<style>\n{}</style>\n</head>\n",
      policy_of(scripts), kGenerator, escaped(title), assets.style);
}

std::string contents_of(const std::vector<PageSection>& sections) {
  std::string out = "<nav aria-label=\"Contents\"><ol>\n";
  for (const PageSection& section : sections) {
    out +=
        fmt::format("<li><a href=\"#{}\">{}</a></li>\n", section.id, escaped(section.short_title));
  }
  return out + "</ol></nav>\n";
}

std::string notes_html(const PageAssets& assets) {
  std::string out =
      "<noscript><p class=\"note\">Figures need JavaScript. The answer, the findings and the "
      "tables do not.</p></noscript>\n";
  if (!assets.can_draw()) {
    out +=
        "<p class=\"note\">This program was built without Vega, so it cannot draw figures. You can "
        "save the data and the specification of each. <code>scripts/install-deps"
        "</code> installs Vega; then build again.</p>\n";
  }
  return out;
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

}  // namespace

bool is_page(std::string_view beginning) {
  return beginning.find(kGenerator) != std::string_view::npos;
}

std::string framed_page(const PageFrame& frame) {
  const PageAssets assets = page_assets();
  const std::vector<Script> scripts = scripts_of(assets);
  std::string out = head_of(frame.title, assets, scripts);
  out +=
      "<body>\n<a class=\"skip\" href=\"#answer\">Skip to the answer</a>\n<div class=\"layout\">\n";
  out += "<div class=\"bar\">\n" + frame.selectors + contents_of(frame.sections) + "</div>\n";
  out += "<div class=\"page\">\n<header>\n" + frame.header + notes_html(assets) +
         "</header>\n<main>\n";
  for (const PageSection& section : frame.sections) out += section_html(section);
  out += "</main>\n<footer>\n" + licenses_html(assets) + "</footer>\n</div>\n</div>\n";
  for (const Script& script : scripts) out += "<script>" + script.code + "</script>\n";
  return out + "</body>\n</html>\n";
}

}  // namespace minima::report
