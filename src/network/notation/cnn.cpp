// cnn 8, cnn 8-16-32 k5 s2 pad2 max2 gap
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/text.h"
#include "network/limits.h"
#include "network/notation/families.h"

namespace minima::network {
namespace {

CountList filter_counts() {
  return {.one = "number of filters",
          .many = "numbers of filters",
          .layers = "convolutions",
          .hint =
              "write the filters of each convolution joined by \"-\", such as \"cnn 8\" or \"cnn "
              "8-16 max2\"",
          .max = kMaxFilters,
          .max_layers = kMaxConvolutions};
}

/// `letters` with the number, or nothing if the number is the default.
std::string unless_default(const char* letters, int number, int fallback) {
  return number == fallback ? "" : fmt::format("{}{}", letters, number);
}

/// The word of one kind of pooling.
Word<Cnn> pooling_word(const std::string& letters, const std::string& meaning,
                       void (*set)(Cnn&, double), std::string (*print)(const Cnn&)) {
  return {.text = WordText{.letters = letters,
                           .example = letters,
                           .sets = "the pooling",
                           .meaning = meaning,
                           .fallback = "no pooling"},
          .set = set,
          .print = print};
}

const std::vector<Word<Cnn>>& cnn_table() {
  static const std::vector<Word<Cnn>> kWords{
      {.text = WordText{.letters = "k",
                        .number = WordNumber::whole,
                        .range = {1, kMaxKernel},
                        .example = "k5",
                        .sets = "the kernel",
                        .meaning = "side of the kernels of all convolutions",
                        .fallback = "`k3`"},
       .set = [](Cnn& cnn, double number) { cnn.kernel = static_cast<int>(number); },
       .print = [](const Cnn& cnn) { return unless_default("k", cnn.kernel, Cnn{}.kernel); }},
      {.text = WordText{.letters = "s",
                        .number = WordNumber::whole,
                        .range = {1, kMaxKernel},
                        .example = "s2",
                        .sets = "the stride",
                        .meaning = "stride of the kernels in pixels",
                        .fallback = "`s1`"},
       .set = [](Cnn& cnn, double number) { cnn.stride = static_cast<int>(number); },
       .print = [](const Cnn& cnn) { return unless_default("s", cnn.stride, Cnn{}.stride); }},
      {.text = WordText{.letters = "pad",
                        .number = WordNumber::whole,
                        .range = {0, kMaxKernel - 1},
                        .example = "pad1",
                        .sets = "the padding",
                        .meaning = "zero padding around the input of every convolution, less than "
                                   "the kernel's side",
                        .fallback = "`pad0`"},
       .set = [](Cnn& cnn, double number) { cnn.padding = static_cast<int>(number); },
       .print = [](const Cnn& cnn) { return unless_default("pad", cnn.padding, Cnn{}.padding); }},
      {.text = WordText{.letters = "gelu",
                        .example = "gelu",
                        .sets = "the activation",
                        .meaning = "GELU after every convolution",
                        .fallback = "ReLU"},
       .set = [](Cnn& cnn, double) { cnn.activation = Activation::gelu; },
       .print = [](const Cnn& cnn) -> std::string {
         return cnn.activation == Activation::gelu ? "gelu" : "";
       }},
      pooling_word(
          "max2",
          "after every convolution's activation the largest value of each square of 2 x 2; an odd "
          "last "
          "row or column is left out",
          [](Cnn& cnn, double) { cnn.pooling = Cnn::Pooling::max; },
          [](const Cnn& cnn) -> std::string {
            return cnn.pooling == Cnn::Pooling::max ? "max2" : "";
          }),
      pooling_word(
          "avg2", "the same with the mean value",
          [](Cnn& cnn, double) { cnn.pooling = Cnn::Pooling::average; },
          [](const Cnn& cnn) -> std::string {
            return cnn.pooling == Cnn::Pooling::average ? "avg2" : "";
          }),
      {.text = WordText{.letters = "gap",
                        .example = "gap",
                        .sets = "the head",
                        .meaning = "only the mean of each channel goes to the output layer",
                        .fallback = "every feature does"},
       .set = [](Cnn& cnn, double) { cnn.head = Cnn::Head::average; },
       .print = [](const Cnn& cnn) -> std::string {
         return cnn.head == Cnn::Head::average ? "gap" : "";
       }}};
  return kWords;
}

}  // namespace

Architecture parse_cnn(std::string_view settings, std::string_view whole) {
  const auto [filters, options] = first_word(settings);
  if (filters.empty()) {
    throw bad_architecture(whole, "its filters are missing", filter_counts().hint);
  }
  Cnn cnn{.filters = parse_counts(filters, filter_counts(), whole)};
  read_words(cnn, options, cnn_table(), whole);
  if (auto fault = fault_of(cnn, whole)) throw std::move(*fault);
  return Architecture(std::move(cnn));
}

std::string settings_of(const Cnn& cnn) {
  const std::string options = print_words(cnn, cnn_table());
  return fmt::format("{}{}{}", fmt::join(cnn.filters, "-"), options.empty() ? "" : " ", options);
}

std::optional<Error> fault_of(const Cnn& cnn, std::string_view whole) {
  for (const int filters : cnn.filters) {
    if (filters <= kMaxFilters) continue;
    return bad_architecture(whole, fmt::format("a convolution has {} filters", grouped(filters)),
                            fmt::format("at most {} are allowed", grouped(kMaxFilters)));
  }
  if (cnn.padding < cnn.kernel) return std::nullopt;
  return bad_architecture(whole,
                          fmt::format("a padding of {} lets kernels of {} see nothing but zeros",
                                      cnn.padding, cnn.kernel),
                          fmt::format("write at most pad{}, or a larger kernel", cnn.kernel - 1));
}

std::vector<WordText> cnn_words() {
  return texts_of(cnn_table());
}

}  // namespace minima::network
