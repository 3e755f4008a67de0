#include "store/sqlite_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/error.h"

namespace minima::store {
namespace {

using Json = nlohmann::json;

constexpr std::pair<study::KeepWeights, const char*> kKeepWeights[] = {
    {study::KeepWeights::all, "all"},
    {study::KeepWeights::representative, "representative"},
    {study::KeepWeights::none, "none"},
};

template <typename T, typename IsOne>
std::optional<std::vector<T>> list_of(const std::string& json, const IsOne& is_one) {
  const Json list = Json::parse(json, nullptr, false);
  if (!list.is_array() || !std::ranges::all_of(list, is_one)) return std::nullopt;
  return list.get<std::vector<T>>();
}

// Bytes of the first character of UTF-8 text; 0 where it is none: cut short, written with more
// bytes than it needs, a surrogate, or beyond Unicode.
std::size_t length_of_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const unsigned second = byte(1);
  if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)) return 0;
  if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) return 0;
  return length;
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
  if (text.find('\0') != std::string_view::npos) return false;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t bytes = length_of_character(text.substr(i));
    if (bytes == 0) return false;
    i += bytes;
  }
  return true;
}

std::string to_text(study::KeepWeights keep) {
  for (const auto& [value, text] : kKeepWeights) {
    if (value == keep) return text;
  }
  return "representative";
}

study::KeepWeights keep_weights_of(const std::string& text) {
  for (const auto& [value, name] : kKeepWeights) {
    if (text == name) return value;
  }
  return study::KeepWeights::representative;
}

study::RunStatus status_of(const std::string& text) {
  if (text == "finished") return study::RunStatus::finished;
  if (text == "diverged") return study::RunStatus::diverged;
  return study::RunStatus::planned;
}

}  // namespace minima::store
