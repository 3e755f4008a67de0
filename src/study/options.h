// The one table of all options of the study file: it parses and checks them, carries --set, prints
// what run ids depend on, and writes docs/study.md.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "study/option.h"
#include "study/study_file.h"

namespace minima::study {

/// [study]
[[nodiscard]] const Options<Study>& study_options();
/// [data]
[[nodiscard]] const Options<Study>& data_options();
/// [train]
[[nodiscard]] const Options<TrainSettings>& train_options();
/// [analysis]
[[nodiscard]] const Options<AnalysisSettings>& analysis_options();

/// [pruning], its protocols included
[[nodiscard]] const Options<PruningSettings>& pruning_options();
[[nodiscard]] std::vector<OptionText> pruning_protocol_texts();
/// [quantization], its protocols included
[[nodiscard]] const Options<QuantizationSettings>& quantization_options();
[[nodiscard]] std::vector<OptionText> quantization_protocol_texts();

/// One kind of [[design]]: the options it takes, and how its table is read.
struct DesignKind {
  ChoiceText text;
  std::function<decltype(Design::what)(const Value& table)> read;
};
[[nodiscard]] const std::vector<DesignKind>& design_kinds();

/// Reads a [[design]] table of any kind. Input errors: as for every table, and keys of another
/// kind.
[[nodiscard]] Design read_design(const Value& table);

/// The manual of study files, Markdown: docs/study.md.
[[nodiscard]] std::string study_documentation();

}  // namespace minima::study
