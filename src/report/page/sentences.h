// One sentence for each part of the page: what was found here. Plain text; the numbers come from
// the structs that the terminal shows too.
#pragma once

#include <string>

#include "analysis/claims/findings.h"
#include "analysis/headline.h"
#include "analysis/highlights.h"

namespace minima::report {

/// "cnn 4-8 max2, with 2,346 parameters, reaches 95.9 % [94.7, 96.8] ..."
[[nodiscard]] std::string answer_sentence(const analysis::DatasetHeadline& dataset);
/// How certain the answer is; empty without an answer.
[[nodiscard]] std::string certainty_sentence(const analysis::DatasetHeadline& dataset,
                                             double confidence);
/// The answer in a few words, for a list of datasets.
[[nodiscard]] std::string overview_text(const analysis::DatasetHeadline& dataset);

// What the sections found. Each is complete for every population.
[[nodiscard]] std::string size_sentence(const analysis::DatasetHeadline& dataset);
[[nodiscard]] std::string training_sentence(const analysis::DatasetHighlights& dataset);
[[nodiscard]] std::string network_sentence(const analysis::DatasetHeadline& dataset);
[[nodiscard]] std::string class_sentence(const analysis::DatasetHighlights& dataset);
[[nodiscard]] std::string pruning_sentence(const analysis::DatasetHighlights& dataset,
                                           double tolerance);
[[nodiscard]] std::string quantization_sentence(const analysis::DatasetHighlights& dataset,
                                                double tolerance);
[[nodiscard]] std::string trade_off_sentence(const analysis::DatasetHighlights& dataset);
[[nodiscard]] std::string layer_sentence(const analysis::DatasetHighlights& dataset);

/// The decided claims about weights.
[[nodiscard]] std::string weight_sentence(const analysis::Findings& findings);
/// How many claims are supported, contradicted and open.
[[nodiscard]] std::string papers_sentence(const analysis::Findings& findings);

/// A compressed network in a few words: "cnn 4-8 max2, 54 % pruned, int4".
[[nodiscard]] std::string choice_text(const analysis::TradeOff& choice);

/// Whether a claim is about the weights of networks.
[[nodiscard]] bool is_about_weights(const analysis::Finding& finding);

}  // namespace minima::report
