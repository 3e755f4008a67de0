#include "study/architecture.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "core/error.h"
#include "core/text.h"
#include "study/limits.h"

namespace minima::study {
namespace {

constexpr const char* kLinear = "linear";

Error bad_architecture(std::string_view text, const std::string& problem, const std::string& mend) {
  return input_error(
      {}, fmt::format("architecture \"{}\": {}", printable(std::string(text), 80), problem), mend);
}

int parse_width(std::string_view word, std::string_view whole) {
  const bool digits =
      !word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) {
    throw bad_architecture(
        whole, fmt::format("\"{}\" is no width", printable(std::string(word), 40)),
        "write hidden widths joined by \"-\", such as \"dnn 32-32\", or \"dnn linear\"");
  }
  const auto width = parse_integer(word);
  if (!width || *width < 1 || *width > kMaxWidth) {
    throw bad_architecture(
        whole, fmt::format("width {} is out of range", printable(std::string(word), 40)),
        fmt::format("write widths from 1 to {}", grouped(kMaxWidth)));
  }
  return static_cast<int>(*width);
}

Architecture parse_dnn(std::string_view settings, std::string_view whole) {
  if (settings.empty()) {
    throw bad_architecture(whole, "its hidden widths are missing",
                           "write such as \"dnn 32-32\", or \"dnn linear\" for no hidden layer");
  }
  if (settings == kLinear) return Architecture(Dnn{});
  Dnn dnn;
  for (const std::string& word : split(settings, '-')) {
    dnn.hidden.push_back(parse_width(word, whole));
  }
  if (dnn.hidden.size() > kMaxHiddenLayers) {
    throw bad_architecture(whole, fmt::format("{} hidden layers are too many", dnn.hidden.size()),
                           fmt::format("at most {} are allowed", grouped(kMaxHiddenLayers)));
  }
  return Architecture(std::move(dnn));
}

std::string settings_of(const Dnn& dnn) {
  return dnn.hidden.empty() ? kLinear : fmt::format("{}", fmt::join(dnn.hidden, "-"));
}

std::string family_of(const Dnn&) {
  return "dnn";
}

/// A family of architectures: its name and the parser of what follows the name.
struct Family {
  const char* name;
  Architecture (*parse)(std::string_view settings, std::string_view whole);
};

constexpr std::array<Family, 1> kFamilies{{{"dnn", parse_dnn}}};

}  // namespace

std::vector<std::string> family_names() {
  std::vector<std::string> names;
  for (const Family& family : kFamilies) names.emplace_back(family.name);
  return names;
}

Architecture Architecture::parse(std::string_view text) {
  const std::string_view whole = trim(text);
  const std::size_t blank = whole.find_first_of(" \t");
  const std::string_view name = whole.substr(0, blank);
  const std::string_view settings =
      blank == std::string_view::npos ? std::string_view{} : trim(whole.substr(blank));
  if (name.empty()) {
    throw bad_architecture(text, "is empty", "write such as \"dnn 32-32\"");
  }
  for (const Family& family : kFamilies) {
    if (name == family.name) return family.parse(settings, whole);
  }
  const std::string shown(name.substr(0, 40));
  throw bad_architecture(whole, fmt::format("unknown family \"{}\"", printable(shown)),
                         suggestion(shown, family_names()));
}

std::string Architecture::text() const {
  return family() + " " + std::visit([](const auto& shape) { return settings_of(shape); }, shape_);
}

std::string Architecture::family() const {
  return std::visit([](const auto& shape) { return family_of(shape); }, shape_);
}

}  // namespace minima::study
