// Text forms of lists in the database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace minima::store {

[[nodiscard]] std::string json_shape(const std::vector<std::int64_t>& shape);  ///< "[32,784]"
[[nodiscard]] std::string json_names(const std::vector<std::string>& names);

/// Seven significant digits each, the precision of a float.
[[nodiscard]] std::string json_reals(const std::vector<float>& values);

/// Parse the lists above; nullopt if the text is not a list of such values.
[[nodiscard]] std::optional<std::vector<std::int64_t>> list_of_integers(const std::string& json);
[[nodiscard]] std::optional<std::vector<float>> list_of_reals(const std::string& json);
[[nodiscard]] std::optional<std::vector<std::string>> list_of_names(const std::string& json);
/// Whether the text is UTF-8 without zero bytes.
[[nodiscard]] bool is_plain_text(std::string_view text);

}  // namespace minima::store
