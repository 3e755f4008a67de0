#include "network/notation/architecture.h"

#include <fmt/format.h>

#include <stdexcept>

#include "core/text.h"
#include "network/notation/families.h"

namespace minima::network {
namespace {

/// Parses the text after the word of a family.
Architecture parse_settings(Family family, std::string_view settings, std::string_view whole) {
  switch (family) {
    case Family::dnn:
      return parse_dnn(settings, whole);
    case Family::cnn:
      return parse_cnn(settings, whole);
    case Family::vit:
      return parse_vit(settings, whole);
  }
  throw std::invalid_argument("a family that does not exist");
}

struct FamilyOf {
  Family operator()(const Dnn&) const { return Family::dnn; }
  Family operator()(const Cnn&) const { return Family::cnn; }
  Family operator()(const Vit&) const { return Family::vit; }
  Family operator()(const PaperVit&) const { return Family::vit; }
};

}  // namespace

Architecture Architecture::parse(std::string_view text) {
  const auto [name, settings] = first_word(text);
  if (name.empty()) {
    throw bad_architecture(text, "is empty", "write for example \"dnn 32-32\"");
  }
  const std::string_view whole = trim(text);
  if (const auto family = parse_word<Family>(name)) return parse_settings(*family, settings, whole);
  const std::string shown(name.substr(0, 40));
  throw bad_architecture(whole, fmt::format("unknown family \"{}\"", printable(shown)),
                         suggestion(shown, word_list<Family>()));
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
  return fmt::format("{} {}", family(),
                     std::visit([](const auto& shape) { return settings_of(shape); }, shape_));
}

Family Architecture::family() const {
  return std::visit(FamilyOf{}, shape_);
}

}  // namespace minima::network
