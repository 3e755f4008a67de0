// dnn 32-32, dnn 32-32 gelu, dnn linear
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cctype>

#include "network/limits.h"
#include "network/notation/families.h"

namespace minima::network {
namespace {

constexpr const char* kLinear = "linear";

CountList hidden_widths() {
  return {.one = "width",
          .many = "widths",
          .layers = "hidden layers",
          .hint = "write hidden widths joined by \"-\", such as \"dnn 32-32\", or \"dnn linear\"",
          .max = kMaxWidth,
          .max_layers = kMaxHiddenLayers};
}

const std::vector<Word<Dnn>>& dnn_table() {
  static const std::vector<Word<Dnn>> kWords{
      {.text = WordText{.letters = "gelu",
                        .example = "gelu",
                        .sets = "the activation",
                        .meaning = "GELU after every hidden layer",
                        .fallback = "ReLU"},
       .set = [](Dnn& dnn, double) { dnn.activation = Activation::gelu; },
       .print = [](const Dnn& dnn) -> std::string {
         return dnn.activation == Activation::gelu ? "gelu" : "";
       }}};
  return kWords;
}

bool begins_with_letter(std::string_view text) {
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0;
}

}  // namespace

Architecture parse_dnn(std::string_view settings, std::string_view whole) {
  if (settings.empty()) {
    throw bad_architecture(
        whole, "its hidden widths are missing",
        "write for example \"dnn 32-32\", or \"dnn linear\" for no hidden layer");
  }
  const auto [widths, options] = first_word(settings);
  const bool has_options = begins_with_letter(options);
  Dnn dnn;
  if (has_options ? widths != kLinear : settings != kLinear) {
    dnn.hidden = parse_counts(has_options ? widths : settings, hidden_widths(), whole);
  }
  read_words(dnn, has_options ? options : "", dnn_table(), whole);
  if (auto fault = fault_of(dnn, whole)) throw std::move(*fault);
  return Architecture(std::move(dnn));
}

std::string settings_of(const Dnn& dnn) {
  const std::string options = print_words(dnn, dnn_table());
  const std::string widths =
      dnn.hidden.empty() ? kLinear : fmt::format("{}", fmt::join(dnn.hidden, "-"));
  return widths + (options.empty() ? "" : " ") + options;
}

std::optional<Error> fault_of(const Dnn& dnn, std::string_view whole) {
  if (!dnn.hidden.empty() || dnn.activation == Dnn{}.activation) return std::nullopt;
  return bad_architecture(whole, "a network without hidden layers has no activation",
                          "write \"dnn linear\"");
}

std::vector<WordText> dnn_words() {
  return texts_of(dnn_table());
}

}  // namespace minima::network
