// How values that are no numbers stand in the database.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "study/run.h"

namespace minima::store {

[[nodiscard]] std::string json_shape(const std::vector<std::int64_t>& shape);  ///< "[32,784]"
[[nodiscard]] std::vector<std::int64_t> parse_shape(const std::string& json);
[[nodiscard]] std::string json_names(const std::vector<std::string>& names);
[[nodiscard]] std::vector<std::string> parse_names(const std::string& json);

/// Seven digits of each: as many as a float has.
[[nodiscard]] std::string json_reals(const std::vector<float>& values);
[[nodiscard]] std::vector<float> parse_reals(const std::string& json);

[[nodiscard]] std::string to_text(study::KeepWeights keep);
[[nodiscard]] study::KeepWeights keep_weights_of(const std::string& text);
/// "" (no result yet) is planned.
[[nodiscard]] study::RunStatus status_of(const std::string& text);

}  // namespace minima::store
