#include "analysis/convergence/series.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <tuple>

#include "core/error.h"
#include "core/text.h"
#include "network/notation/architecture.h"
#include "record/run_row.h"

namespace minima::analysis {
namespace {

/// A candidate template of an architecture, with its free knob.
struct Template {
  std::vector<int> order;  ///< sort key among the templates of its family
  std::string name;
  std::string knob;

  bool operator<(const Template& other) const {
    return std::tie(order, name, knob) < std::tie(other.order, other.name, other.knob);
  }
};

// Templates of later knobs sort behind those of the first one.
constexpr int kFirstKnob = 0;
constexpr int kLaterKnob = 1;

/// For each layer after the first: -1, 0 or 1 if it is smaller than, equal to or larger than the
/// previous one.
std::vector<int> steps_of(std::span<const int> widths) {
  std::vector<int> steps;
  for (std::size_t i = 1; i < widths.size(); ++i) {
    steps.push_back((widths[i] > widths[i - 1]) - (widths[i] < widths[i - 1]));
  }
  return steps;
}

bool all_are(const std::vector<int>& steps, int step) {
  return std::ranges::all_of(steps, [step](int each) { return each == step; });
}

/// "1 layer", "2 equal layers", "3 layers: equal, larger".
std::string layers_text(std::span<const int> widths) {
  if (widths.size() == 1) return "1 layer";
  const std::vector<int> steps = steps_of(widths);
  const auto uniform = [&](const char* word) {
    return fmt::format("{} {} layers", widths.size(), word);
  };
  if (all_are(steps, 0)) return uniform("equal");
  if (all_are(steps, 1)) return uniform("growing");
  if (all_are(steps, -1)) return uniform("shrinking");
  std::vector<std::string> words;
  for (const int step : steps) {
    words.emplace_back(step == 0 ? "equal" : step > 0 ? "larger" : "smaller");
  }
  return fmt::format("{} layers: {}", widths.size(), fmt::join(words, ", "));
}

std::vector<int> order_of(int knob, std::span<const int> widths) {
  std::vector<int> order{knob, static_cast<int>(widths.size())};
  for (const int step : steps_of(widths)) order.push_back(step);
  return order;
}

/// The options of an architecture: the words of its text from the third one on.
std::string options_of(const std::string& text) {
  const auto words = split(text, ' ');
  std::string options;
  for (std::size_t i = 2; i < words.size(); ++i) {
    options += (i == 2 ? ", " : " ") + std::string(words[i]);
  }
  return options;
}

/// Templates for layers with one size each, called `knob`.
std::vector<Template> templates_of_layers(network::Family family, std::span<const int> sizes,
                                          const std::string& knob, const std::string& options) {
  std::vector<Template> templates{{order_of(kFirstKnob, sizes),
                                   fmt::format("{}, {}{}", family, layers_text(sizes), options),
                                   knob}};
  if (all_are(steps_of(sizes), 0)) {
    templates.push_back({{kLaterKnob, sizes.front()},
                         fmt::format("{}, layers of {}{}", family, sizes.front(), options),
                         "layers"});
  }
  return templates;
}

std::vector<Template> templates_of(const network::Dnn& dnn) {
  const std::string text = network::Architecture(dnn).text();
  if (dnn.hidden.empty()) return {{{kFirstKnob, 0}, text, ""}};
  return templates_of_layers(network::Family::dnn, dnn.hidden, "width", options_of(text));
}

std::vector<Template> templates_of(const network::Cnn& cnn) {
  return templates_of_layers(network::Family::cnn, cnn.filters, "filters",
                             options_of(network::Architecture(cnn).text()));
}

/// Removes the number that follows `letter`.
std::string without(const std::string& text, char letter) {
  std::string rest;
  for (const auto& word : split(text, ' ')) {
    const bool is_knob = word.size() > 1 && word[0] == letter &&
                         std::isdigit(static_cast<unsigned char>(word[1])) != 0;
    if (!is_knob) rest += (rest.empty() ? "" : " ") + std::string(word);
  }
  return rest;
}

std::vector<Template> templates_of(const network::Vit& vit) {
  const std::string text = network::Architecture(vit).text();
  return {{{kFirstKnob, vit.patch, vit.blocks, vit.heads}, without(text, 'd'), "d_model"},
          {{kLaterKnob, vit.patch, vit.width, vit.heads}, without(text, 'l'), "blocks"},
          {{kLaterKnob, vit.patch, vit.width, vit.blocks}, without(text, 'h'), "heads"}};
}

std::vector<Template> templates_of(const network::PaperVit& vit) {
  return {{{kFirstKnob}, without(network::Architecture(vit).text(), 'h'), "heads"}};
}

std::vector<Template> templates_of(const std::string& architecture) {
  const auto known = network::Architecture::known(architecture);
  if (!known) return {{{kLaterKnob + 1}, architecture, ""}};
  return std::visit([](const auto& shape) { return templates_of(shape); }, known->shape());
}

struct Member {
  std::string architecture;
  std::int64_t parameters = 0;
  std::vector<Template> templates;
  std::optional<Template> chosen = {};
};

/// Each member gets the template of the first knob that groups it with another size.
void choose_templates(std::vector<Member>& members) {
  std::size_t most = 0;
  for (const Member& member : members) most = std::max(most, member.templates.size());
  for (std::size_t knob = 0; knob < most; ++knob) {
    std::map<Template, std::set<std::int64_t>> sizes;
    for (const Member& member : members) {
      if (member.chosen || knob >= member.templates.size()) continue;
      sizes[member.templates[knob]].insert(member.parameters);
    }
    for (Member& member : members) {
      if (member.chosen || knob >= member.templates.size()) continue;
      const Template& candidate = member.templates[knob];
      if (sizes.at(candidate).size() > 1) member.chosen = candidate;
    }
  }
  for (Member& member : members) {
    if (!member.chosen) member.chosen = member.templates.front();
  }
}

std::vector<Series> series_of_family(const Population& population, const Selection& family) {
  std::map<std::pair<std::string, std::int64_t>, std::vector<std::size_t>> runs;
  for (const std::size_t run : family.runs) {
    const record::RunRow& row = population.runs[run];
    runs[{row.architecture, row.parameters}].push_back(run);
  }
  std::vector<Member> members;
  for (const auto& [key, unused] : runs) {
    members.push_back({key.first, key.second, templates_of(key.first)});
  }
  choose_templates(members);
  std::map<Template, Series> series;
  for (const Member& member : members) {
    Series& of = series[*member.chosen];
    of.dataset = family.dataset;
    of.family = family.family;
    of.name = member.chosen->name;
    of.knob = member.chosen->knob;
    const auto& own = runs.at({member.architecture, member.parameters});
    of.runs.insert(of.runs.end(), own.begin(), own.end());
  }
  std::vector<Series> all;
  for (auto& [key, each] : series) {
    std::ranges::sort(each.runs);
    all.push_back(std::move(each));
  }
  return all;
}

}  // namespace

Selection Series::selection() const {
  return {.dataset = dataset, .family = family, .runs = runs, .series = name};
}

std::vector<Series> series_of(const Population& population) {
  std::vector<Series> all;
  for (const Selection& family : selections_of(population)) {
    for (Series& series : series_of_family(population, family)) all.push_back(std::move(series));
  }
  return all;
}

}  // namespace minima::analysis
