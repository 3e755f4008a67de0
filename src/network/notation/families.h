// What each family of architectures contributes to the notation. architecture.cpp combines them; a
// new family adds its functions here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "network/notation/architecture.h"
#include "network/notation/words.h"

namespace minima::network {

// Parsers of the text after the family's name. `whole`: the whole text, for error messages.

[[nodiscard]] Architecture parse_dnn(std::string_view settings, std::string_view whole);
[[nodiscard]] Architecture parse_cnn(std::string_view settings, std::string_view whole);
[[nodiscard]] Architecture parse_vit(std::string_view settings, std::string_view whole);

// Canonical text after the family's name.

[[nodiscard]] std::string settings_of(const Dnn& dnn);
[[nodiscard]] std::string settings_of(const Cnn& cnn);
[[nodiscard]] std::string settings_of(const Vit& vit);
[[nodiscard]] std::string settings_of(const PaperVit& vit);

// An input error for contradictory settings; none if there are none.

[[nodiscard]] std::optional<Error> fault_of(const Dnn& dnn, std::string_view whole);
[[nodiscard]] std::optional<Error> fault_of(const Cnn& cnn, std::string_view whole);
[[nodiscard]] std::optional<Error> fault_of(const Vit& vit, std::string_view whole);
[[nodiscard]] std::optional<Error> fault_of(const PaperVit& vit, std::string_view whole);

// Dropout probabilities have few decimals, so that equal ones have equal text.

inline constexpr NumberRange kDropoutRange{.min = 0, .max = 1, .open_max = true};
[[nodiscard]] bool is_dropout(double probability);
[[nodiscard]] std::string dropout_numbers();  ///< what is_dropout accepts, for messages and manual

// The tables of words, for the manual.

[[nodiscard]] std::vector<WordText> dnn_words();
[[nodiscard]] std::vector<WordText> cnn_words();
[[nodiscard]] std::vector<WordText> vit_words();

}  // namespace minima::network
