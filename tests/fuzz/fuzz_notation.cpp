// The notations of architectures, datasets and number formats. Accepted text is written
// canonically, and parsing that gives an equal value.
#include "data/source/source.h"
#include "fuzz.h"
#include "network/families/lower.h"
#include "network/notation/architecture.h"

namespace minima::fuzz {
namespace {

void try_architecture(const std::string& text) {
  accepted([&] {
    const auto architecture = network::Architecture::parse(text);
    const std::string canonical = architecture.text();
    const auto again = network::Architecture::parse(canonical);
    require(again == architecture, "an architecture is not what its canonical text says");
    require(again.text() == canonical, "a canonical text of an architecture is not canonical");
  });
}

void try_source(const std::string& text) {
  accepted([&] {
    const data::Source source = data::parse_source(text);
    const std::string canonical = source.text();
    const data::Source again = data::parse_source(canonical);
    require(again.name == source.name && again.settings == source.settings,
            "a dataset is not what its canonical text says");
    require(again.text() == canonical, "a canonical text of a dataset is not canonical");
  });
}

}  // namespace

void try_input(Bytes bytes) {
  const std::size_t notation = take_choice(bytes, 2);
  if (notation == 0) {
    try_architecture(text_of(bytes));
  } else {
    try_source(text_of(bytes));
  }
}

}  // namespace minima::fuzz
