// dnn 32-32, dnn linear
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "network/limits.h"
#include "network/notation/families.h"

namespace minima::network {
namespace {

constexpr const char* kLinear = "linear";

CountList hidden_widths() {
  return {.one = "width",
          .many = "widths",
          .layers = "hidden layers",
          .mend = "write hidden widths joined by \"-\", such as \"dnn 32-32\", or \"dnn linear\"",
          .max = kMaxWidth,
          .max_layers = kMaxHiddenLayers};
}

}  // namespace

Architecture parse_dnn(std::string_view settings, std::string_view whole) {
  if (settings.empty()) {
    throw bad_architecture(whole, "its hidden widths are missing",
                           "write such as \"dnn 32-32\", or \"dnn linear\" for no hidden layer");
  }
  if (settings == kLinear) return Architecture(Dnn{});
  return Architecture(Dnn{.hidden = parse_counts(settings, hidden_widths(), whole)});
}

std::string settings_of(const Dnn& dnn) {
  return dnn.hidden.empty() ? kLinear : fmt::format("{}", fmt::join(dnn.hidden, "-"));
}

void check(const Dnn&, std::string_view) {}

}  // namespace minima::network
