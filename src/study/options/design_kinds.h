// Builds the kinds of [[design]] from option tables: one function per kind, grouped by family.
// designs.cpp combines them.
#pragma once

#include <string>

#include "study/options/option_builders.h"
#include "study/options/options.h"
#include "study/settings/limits.h"

namespace minima::study {

[[nodiscard]] DesignKind dnn_grid_kind();
[[nodiscard]] DesignKind dnn_draws_kind();
[[nodiscard]] DesignKind cnn_grid_kind();
[[nodiscard]] DesignKind cnn_draws_kind();
[[nodiscard]] DesignKind vit_grid_kind();

template <typename Target>
DesignKind make_kind(const std::string& name, const std::string& meaning,
                     const Options<Target>& options) {
  return {.text = ChoiceText{name, meaning, texts_of(options)},
          .read = [options](const Value& table) -> decltype(Design::what) {
            Target design;
            read_table(design, table, options, "[[design]]");
            return design;
          }};
}

template <typename Target>
Option<Target> family_option(const std::string& family) {
  return already_read<Target>("family", "\"" + family + "\"", "", "family of architectures");
}

template <typename Target>
Option<Target> draws_option() {
  return {.text = OptionText{"draws",
                             fmt::format("integer {}", WholeRange{1, kMaxRuns}.text()),
                             "",
                             "architectures to draw",
                             {}},
          .read =
              [](Target& design, const Value& value) {
                design.draws = static_cast<int>(read_whole("draws", value, {1, kMaxRuns}));
              },
          .print = nullptr};
}

/// { min = 5, max = 200 }
struct IntRange {
  int min = 1;
  int max = 1;
};
[[nodiscard]] IntRange read_range(const std::string& key, const Value& value,
                                  const WholeRange& range);

/// A range for random draws.
template <typename Target>
Option<Target> range_option(const std::string& key, int Target::*min, int Target::*max,
                            const WholeRange& range, const std::string& meaning) {
  return {.text = OptionText{key, "table { min = 5, max = 200 }", "", meaning, {}},
          .read =
              [=](Target& design, const Value& value) {
                const IntRange read = read_range(key, value, range);
                design.*min = read.min;
                design.*max = read.max;
              },
          .print = nullptr};
}

}  // namespace minima::study
