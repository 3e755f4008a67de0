#include "network/notation/architecture.h"

#include <fmt/format.h>

#include <array>

#include "core/text.h"
#include "network/notation/families.h"

namespace minima::network {
namespace {

/// A family of architectures: its name and the parser for the text after the name.
struct Family {
  const char* name;
  Architecture (*parse)(std::string_view settings, std::string_view whole);
};

constexpr std::array<Family, 3> kFamilies{{
    {"dnn", parse_dnn},
    {"cnn", parse_cnn},
    {"vit", parse_vit},
}};

struct FamilyOf {
  std::string operator()(const Dnn&) const { return "dnn"; }
  std::string operator()(const Cnn&) const { return "cnn"; }
  std::string operator()(const Vit&) const { return "vit"; }
  std::string operator()(const PaperVit&) const { return "vit"; }
};

}  // namespace

std::vector<std::string> family_names() {
  std::vector<std::string> names;
  for (const Family& family : kFamilies) names.emplace_back(family.name);
  return names;
}

Architecture Architecture::parse(std::string_view text) {
  const auto [name, settings] = first_word(text);
  if (name.empty()) {
    throw bad_architecture(text, "is empty", "write for example \"dnn 32-32\"");
  }
  const std::string_view whole = trim(text);
  for (const Family& family : kFamilies) {
    if (name == family.name) return family.parse(settings, whole);
  }
  const std::string shown(name.substr(0, 40));
  throw bad_architecture(whole, fmt::format("unknown family \"{}\"", printable(shown)),
                         suggestion(shown, family_names()));
}

std::optional<Architecture> Architecture::known(std::string_view text) {
  try {
    return parse(text);
  } catch (const Error&) {  // the parsers stop at the first word that they do not know
    return std::nullopt;
  }
}

std::optional<Error> Architecture::fault() const {
  return std::visit([this](const auto& shape) { return fault_of(shape, text()); }, shape_);
}

std::string Architecture::text() const {
  return family() + " " + std::visit([](const auto& shape) { return settings_of(shape); }, shape_);
}

std::string Architecture::family() const {
  return std::visit(FamilyOf{}, shape_);
}

}  // namespace minima::network
