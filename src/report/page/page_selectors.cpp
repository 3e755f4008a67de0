// What a reader can select: dataset, family, and protocols of pruning and quantization.
#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "report/page/html.h"
#include "report/page/page.h"
#include "report/text/style.h"

namespace minima::report {
namespace {

constexpr std::size_t kMostButtons = 4;      // more are a list
constexpr std::size_t kLongestButtons = 44;  // characters of all buttons together

std::string buttons_html(const std::string& name, const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) {
    out += fmt::format(
        "<label title=\"{1}\"><input type=\"radio\" name=\"{0}\" "
        "value=\"{1}\"{2}><span>{3}</span></label>\n",
        name, escaped(value), value == values.front() ? " checked" : "",
        foreign(dataset_label(value, values)));
  }
  return out;
}

std::string list_html(const std::string& name, const std::string& label,
                      const std::vector<std::string>& values) {
  std::string out = fmt::format("<select name=\"{}\" aria-label=\"{}\">\n", name, label);
  for (const std::string& value : values) {
    out += fmt::format("<option value=\"{0}\">{0}</option>\n", escaped(value));
  }
  return out + "</select>\n";
}

/// Empty for fewer than two values: there is nothing to select.
std::string selector_html(const std::string& name, const std::string& label,
                          const std::vector<std::string>& values) {
  if (values.size() < 2) return "";
  std::size_t length = 0;
  for (const std::string& value : values) length += dataset_label(value, values).size();
  const bool fits = values.size() <= kMostButtons && length <= kLongestButtons;
  return fmt::format("<fieldset><legend>{}</legend>\n{}</fieldset>\n", label,
                     fits ? buttons_html(name, values) : list_html(name, label, values));
}

/// Datasets with an answer first.
std::vector<std::string> datasets_of(const analysis::Headline& headline) {
  std::vector<std::string> names;
  for (const bool answered : {true, false}) {
    for (const analysis::DatasetHeadline& dataset : headline.datasets) {
      if (dataset.smallest.has_value() == answered) names.push_back(dataset.dataset);
    }
  }
  return names;
}

/// That of the first recommended network first.
std::vector<std::string> families_of(const PageInput& input) {
  std::string recommended;
  for (const analysis::DatasetHeadline& dataset : input.headline.datasets) {
    if (!dataset.smallest || !recommended.empty()) continue;
    recommended =
        dataset.smallest->architecture.substr(0, dataset.smallest->architecture.find(' '));
  }
  std::vector<std::string> names;
  for (const analysis::FamilyConvergence& family : input.convergence.families) {
    const std::string name = word_text(family.selection.family);
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  std::stable_partition(names.begin(), names.end(),
                        [&](const std::string& name) { return name == recommended; });
  return names;
}

}  // namespace

std::string selectors_html(const PageInput& input) {
  const Protocols protocols = protocols_of(input.compression);
  const std::string fields = selector_html("dataset", "Dataset", datasets_of(input.headline)) +
                             selector_html("family", "Family", families_of(input)) +
                             selector_html("pruning", "Pruning", protocols.pruning) +
                             selector_html("quantization", "Quantization", protocols.quantization);
  if (fields.empty()) return "";
  return "<form class=\"selectors\" aria-label=\"What the figures show\">\n" + fields + "</form>\n";
}

}  // namespace minima::report
