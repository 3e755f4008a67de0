// The training that a store records, such as "seed=1 epochs=5 init=normal(sd=0.02)". The study file
// in the store does not have it if --set changed it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "study/file/study_file.h"

namespace minima::study {

/// The pairs of "key=value key=value", as options print them; other words are left out.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> printed_values(
    const std::string& text);

/// The training options that differ from their defaults, by key, with values in TOML:
/// {"init", "{ name = \"normal\", sd = 0.02 }"}. The seed is left out. Throws an input error for a
/// text that minima does not print.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> recorded_options(
    const std::string& training);

/// Overrides that give any study file this training and this seed.
[[nodiscard]] std::vector<Override> overrides_as_recorded(const std::string& training);

}  // namespace minima::study
