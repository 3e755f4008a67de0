#include "report/page/page_figures.h"

#include <fmt/format.h>

#include "report/page/html.h"

namespace minima::report {
namespace {

/// The data of a figure, with what the reader selects to see it.
std::string content_html(const Figure& figure) {
  Json tables = Json::object();
  for (const auto& [name, table] : figure.data) tables[name] = compact_table(table);
  const Json content = {{"id", figure.id},           {"title", figure.title},
                        {"caption", figure.caption}, {"note", figure.note},
                        {"spec", figure.spec},       {"tables", std::move(tables)}};
  return fmt::format("<script type=\"application/json\"{}>{}</script>\n", scope_html(figure.scope),
                     json_in_script(content));
}

}  // namespace

PageFigures::PageFigures(std::vector<Figure> figures) {
  for (Figure& figure : figures) kinds_[figure.kind].push_back(std::move(figure));
}

std::string PageFigures::html(const std::string& kind) const {
  const auto found = kinds_.find(kind);
  if (found == kinds_.end()) return "";
  const Figure& first = found->second.front();
  std::string out = fmt::format(
      "<figure id=\"{0}\" data-figure aria-labelledby=\"{0}-title\">\n"
      "<h3 id=\"{0}-title\"><span class=\"title\">{1}</span> <span class=\"scope\"></span></h3>\n"
      "<p class=\"absent\" hidden></p>\n<div class=\"plot\" role=\"img\" "
      "aria-labelledby=\"{0}-title\"></div>\n"
      "<figcaption>{2} <small></small></figcaption>\n<div class=\"tools\"></div>\n",
      place_id(kind), foreign(first.title), foreign(first.caption));
  for (const Figure& figure : found->second) out += content_html(figure);
  return out + "</figure>\n";
}

std::string place_id(const std::string& kind) {
  return "figure-" + kind;
}

std::string scope_html(const FigureScope& scope) {
  std::string out;
  const auto add = [&out](const char* name, const std::string& value) {
    if (!value.empty()) out += fmt::format(" data-{}=\"{}\"", name, escaped(value));
  };
  add("dataset", scope.dataset);
  add("family", scope.family);
  add("pruning", scope.pruning);
  add("quantization", scope.quantization);
  return out;
}

}  // namespace minima::report
