#include "store/database/sqlite_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/characters.h"
#include "core/error.h"

namespace minima::store {
namespace {

using Json = nlohmann::json;

template <typename T, typename IsOne>
std::optional<std::vector<T>> list_of(const std::string& json, const IsOne& is_one) {
  const Json list = Json::parse(json, nullptr, false);
  if (!list.is_array() || !std::ranges::all_of(list, is_one)) return std::nullopt;
  return list.get<std::vector<T>>();
}

}  // namespace

std::string json_shape(const std::vector<std::int64_t>& shape) {
  return Json(shape).dump();
}

std::string json_names(const std::vector<std::string>& names) {
  return Json(names).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string json_reals(const std::vector<float>& values) {
  return fmt::format("[{:.7g}]", fmt::join(values, ","));
}

std::optional<std::vector<std::int64_t>> list_of_integers(const std::string& json) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return list_of<std::int64_t>(json, [](const Json& value) {
    if (value.is_number_unsigned()) return value.get<std::uint64_t>() <= kMost;
    return value.is_number_integer();
  });
}

std::optional<std::vector<float>> list_of_reals(const std::string& json) {
  return list_of<float>(json, [](const Json& value) { return value.is_number(); });
}

std::optional<std::vector<std::string>> list_of_names(const std::string& json) {
  return list_of<std::string>(json, [](const Json& value) { return value.is_string(); });
}

bool is_plain_text(std::string_view text) {
  while (!text.empty()) {
    const Character each = character_at(text);
    if (!each.is_valid || each.code == 0) return false;
    text.remove_prefix(each.bytes);
  }
  return true;
}

}  // namespace minima::store
