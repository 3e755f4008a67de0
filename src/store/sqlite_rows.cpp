#include "store/sqlite_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

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

// The database is checked when it is opened, but anyone may write into it with another program.
template <typename T>
std::vector<T> parse_array(const std::string& json) {
  try {
    return Json::parse(json).get<std::vector<T>>();
  } catch (const Json::exception&) {
    throw input_error({"runs.sqlite", ""}, "holds \"" + printable(json, 80) + "\" for a list",
                      "it was changed by another program; restore it from a copy");
  }
}

}  // namespace

std::string json_shape(const std::vector<std::int64_t>& shape) {
  return Json(shape).dump();
}

std::vector<std::int64_t> parse_shape(const std::string& json) {
  return parse_array<std::int64_t>(json);
}

std::string json_names(const std::vector<std::string>& names) {
  return Json(names).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<std::string> parse_names(const std::string& json) {
  return parse_array<std::string>(json);
}

std::string json_reals(const std::vector<float>& values) {
  return fmt::format("[{:.7g}]", fmt::join(values, ","));
}

std::vector<float> parse_reals(const std::string& json) {
  return parse_array<float>(json);
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
