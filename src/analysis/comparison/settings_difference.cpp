#include "analysis/comparison/settings_difference.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/text.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/session.h"
#include "record/study.h"
#include "record/variant.h"
#include "study/file/recorded_training.h"
#include "study/options/options.h"

namespace minima::analysis {
namespace {

constexpr const char* kNone = "-";

using Differences = std::vector<SettingDifference>;

void add(const std::string& setting, const std::string& first, const std::string& second,
         Differences& differences) {
  if (first == second) return;
  differences.push_back({setting, first.empty() ? kNone : first, second.empty() ? kNone : second});
}

std::map<std::string, std::string> values_in(const std::string& text) {
  std::map<std::string, std::string> values;
  for (const auto& [key, value] : study::printed_values(text)) values[key] = value;
  return values;
}

/// Settings of a section, of which each text leaves out the defaults.
template <typename Settings>
void add_section(const std::string& section, const study::PrintedOptions<Settings>& options,
                 const std::string& first, const std::string& second, Differences& differences) {
  const auto a = values_in(first);
  const auto b = values_in(second);
  static const Settings kDefaults;
  for (const auto& option : options.all()) {
    const auto value = [&](const std::map<std::string, std::string>& values) {
      const auto at = values.find(option.text.key);
      return at == values.end() ? option.print(kDefaults) : at->second;
    };
    add(section + "." + option.text.key, value(a), value(b), differences);
  }
}

// ---- runs ------------------------------------------------------------------------------------

std::set<std::string> architectures_of(const Population& population) {
  std::set<std::string> names;
  for (const record::RunRow& run : population.runs) names.insert(run.architecture);
  return names;
}

/// "5", or "3 to 5": recorded runs of an architecture on a dataset.
std::string replicates_of(const Population& population) {
  std::map<std::pair<std::string, std::string>, std::int64_t> counts;
  for (const record::RunRow& run : population.runs) {
    std::int64_t& count = counts[{run.dataset, run.architecture}];
    if (run.result.status != record::RunStatus::planned) ++count;
  }
  if (counts.empty()) return "";
  const auto [least, most] =
      std::ranges::minmax_element(counts, {}, [](const auto& each) { return each.second; });
  if (least->second == most->second) return grouped(least->second);
  return fmt::format("{} to {}", grouped(least->second), grouped(most->second));
}

/// The members of `own` that `other` lacks: "dnn 4, dnn 8 and 12 more".
std::string only_in(const std::set<std::string>& own, const std::set<std::string>& other) {
  constexpr std::size_t kFew = 3;
  std::vector<std::string> left;
  std::ranges::set_difference(own, other, std::back_inserter(left));
  const std::size_t rest = left.size() - std::min(left.size(), kFew);
  left.resize(left.size() - rest);
  const std::string few = fmt::format("{}", fmt::join(left, "; "));
  return rest == 0 ? few : fmt::format("{}; and {} more", few, grouped(rest));
}

void add_sets(const std::string& setting, const std::set<std::string>& first,
              const std::set<std::string>& second, Differences& differences) {
  add(setting, only_in(first, second), only_in(second, first), differences);
}

// ---- the rest --------------------------------------------------------------------------------

template <typename TextOf>
std::set<std::string> texts_of(const auto& rows, const TextOf& text_of) {
  std::set<std::string> texts;
  for (const auto& row : rows) {
    if (std::string text = text_of(row); !text.empty()) texts.insert(std::move(text));
  }
  return texts;
}

void add_compression(const Population& first, const Population& second, Differences& differences) {
  const auto pruning = [](const record::VariantRow& row) { return row.variant.pruning; };
  const auto quantization = [](const record::VariantRow& row) { return row.variant.quantization; };
  add_sets("pruning only here", texts_of(first.variants, pruning),
           texts_of(second.variants, pruning), differences);
  add_sets("quantization only here", texts_of(first.variants, quantization),
           texts_of(second.variants, quantization), differences);
}

void add_machine(const Population& first, const Population& second, Differences& differences) {
  using Session = record::SessionRecord;
  const auto add_of = [&](const std::string& setting, const auto& text_of) {
    const auto all = [&](const Population& of) {
      return fmt::format("{}", fmt::join(texts_of(of.sessions, text_of), "; "));
    };
    add(setting, all(first), all(second), differences);
  };
  add_of("minima", [](const Session& session) { return session.program_version; });
  add_of("computed by", [](const Session& session) {
    return session.backend.is_known() ? session.backend.text() : std::string();
  });
  add_of("processor", [](const Session& session) { return session.processor; });
}

}  // namespace

std::vector<SettingDifference> settings_that_differ(const StudyFacts& first,
                                                    const StudyFacts& second) {
  const Population& a = first.population;
  const Population& b = second.population;
  Differences differences;
  add("study.seed", values_in(a.study.train)["seed"], values_in(b.study.train)["seed"],
      differences);
  add_section("train", study::train_options(), a.study.train, b.study.train, differences);
  add("runs of an architecture", replicates_of(a), replicates_of(b), differences);
  add_sets("architectures only here", architectures_of(a), architectures_of(b), differences);
  add_compression(a, b, differences);
  add_section("analysis", study::analysis_options(), first.settings.text(), second.settings.text(),
              differences);
  add("shard", a.study.shard, b.study.shard, differences);
  add_machine(a, b, differences);
  return differences;
}

}  // namespace minima::analysis
