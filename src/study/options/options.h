// The table of all options of the study file. It is used to parse and check them, to apply --set,
// to print what run ids depend on, and to write docs/study.md.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "study/options/option.h"
#include "study/study.h"

namespace minima::study {

/// [study]
[[nodiscard]] const Options<Study>& study_options();
/// [data]
[[nodiscard]] const Options<Study>& data_options();
/// [train]
[[nodiscard]] const PrintedOptions<TrainSettings>& train_options();
/// [analysis]
[[nodiscard]] const PrintedOptions<AnalysisSettings>& analysis_options();

/// [pruning], including its protocols
[[nodiscard]] const Options<PruningSettings>& pruning_options();
[[nodiscard]] std::vector<OptionText> pruning_protocol_texts();
/// [quantization], including its protocols
[[nodiscard]] const Options<QuantizationSettings>& quantization_options();
[[nodiscard]] std::vector<OptionText> quantization_protocol_texts();

/// One kind of [[design]]: its options, and how its table is read.
struct DesignKind {
  ChoiceText text;
  std::function<decltype(Design::what)(const Value& table)> read;
};
[[nodiscard]] const std::vector<DesignKind>& design_kinds();

/// Reads a [[design]] table of any kind. Input errors: as for every table, and keys that belong to
/// another kind.
[[nodiscard]] Design read_design(const Value& table);

/// The manual of study files in Markdown: docs/study.md.
[[nodiscard]] std::string study_documentation();

}  // namespace minima::study
