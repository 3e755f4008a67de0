// vit d64 h4 l2 p7 post relu a8 m2 cls drop0.1, vit paper h4 drop0.1
#include <fmt/format.h>

#include <cmath>
#include <cstdint>

#include "core/text.h"
#include "network/limits.h"
#include "network/notation/divisors.h"
#include "network/notation/families.h"

namespace minima::network {
namespace {

constexpr const char* kPaper = "paper";
constexpr int kDefaultRatio = 4;  ///< MLP width / token width

std::string how_to_write() {
  return "write for example \"vit d64 h4 l2 p7\", or \"vit paper h4\"";
}

/// "m2" if the MLP width is a multiple of the token width, else "f100".
std::string mlp_word(const Vit& vit) {
  const int ratio = vit.mlp_width / vit.width;
  if (vit.mlp_width % vit.width != 0 || ratio > kMaxMlpRatio) {
    return fmt::format("f{}", vit.mlp_width);
  }
  return ratio == kDefaultRatio ? "" : fmt::format("m{}", ratio);
}

/// A word without a number.
Word<Vit> plain_word(const char* letters, const char* sets, const char* meaning,
                     const char* fallback, void (*set)(Vit&, double),
                     std::string (*print)(const Vit&)) {
  return {.text = WordText{.letters = letters,
                           .example = letters,
                           .sets = sets,
                           .meaning = meaning,
                           .fallback = fallback},
          .set = set,
          .print = print};
}

/// A word with an integer.
Word<Vit> number_word(const char* letters, int max, const char* example, const char* sets,
                      const char* meaning, const char* fallback, void (*set)(Vit&, double),
                      std::string (*print)(const Vit&)) {
  return {.text = WordText{.letters = letters,
                           .number = WordNumber::whole,
                           .range = {1, static_cast<double>(max)},
                           .example = example,
                           .sets = sets,
                           .meaning = meaning,
                           .fallback = fallback},
          .set = set,
          .print = print};
}

/// Shared by both kinds of transformers.
template <typename Shape>
Word<Shape> dropout_word() {
  return {.text = WordText{.letters = "drop",
                           .number = WordNumber::real,
                           .range = kDropoutRange,
                           .example = "drop0.1",
                           .sets = "the dropout",
                           .meaning =
                               "probability of dropout in the encoder blocks; at most 3 decimals",
                           .fallback = "no dropout"},
          .set = [](Shape& vit, double number) { vit.dropout = number; },
          .print =
              [](const Shape& vit) {
                return vit.dropout > 0.0 ? "drop" + shortest(vit.dropout) : std::string();
              }};
}

std::vector<Word<Vit>> required_words() {
  return {number_word(
              "d", kMaxTokenWidth, "d64", "the width", "features of a token", "",
              [](Vit& vit, double number) {
                vit.width = static_cast<int>(number);
                vit.mlp_width = kDefaultRatio * vit.width;
              },
              [](const Vit& vit) { return fmt::format("d{}", vit.width); }),
          number_word(
              "h", kMaxTokenWidth, "h4", "the heads",
              "heads of the attention; divide the width where there is no `a`", "",
              [](Vit& vit, double number) { vit.heads = static_cast<int>(number); },
              [](const Vit& vit) { return fmt::format("h{}", vit.heads); }),
          number_word(
              "l", kMaxBlocks, "l2", "the blocks", "encoder blocks", "",
              [](Vit& vit, double number) { vit.blocks = static_cast<int>(number); },
              [](const Vit& vit) { return fmt::format("l{}", vit.blocks); }),
          number_word(
              "p", kMaxPatch, "p7", "the patch",
              "side of the square patches; divides the images' sides", "",
              [](Vit& vit, double number) { vit.patch = static_cast<int>(number); },
              [](const Vit& vit) { return fmt::format("p{}", vit.patch); })};
}

std::vector<Word<Vit>> optional_words() {
  return {
      plain_word(
          "post", "the norm",
          "layer norms after attention and MLP, as in the first transformers, and none at the end",
          "before them, and one at the end", [](Vit& vit, double) { vit.pre_norm = false; },
          [](const Vit& vit) -> std::string { return vit.pre_norm ? "" : "post"; }),
      plain_word(
          "relu", "the activation", "ReLU in the MLP", "GELU",
          [](Vit& vit, double) { vit.activation = Activation::relu; },
          [](const Vit& vit) -> std::string {
            return vit.activation == Activation::relu ? "relu" : "";
          }),
      number_word(
          "a", kMaxTokenWidth, "a16", "the width of a head",
          "features of a head; printed only where it is not the width over the heads",
          "the width over the heads",
          [](Vit& vit, double number) {
            const int features = static_cast<int>(number);
            vit.head_width = std::int64_t{features} * vit.heads == vit.width ? 0 : features;
          },
          [](const Vit& vit) {
            const bool plain = vit.head_width == 0 || vit.head_width * vit.heads == vit.width;
            return plain ? std::string() : fmt::format("a{}", vit.head_width);
          }),
      number_word(
          "m", kMaxMlpRatio, "m2", "the MLP's width", "width of the MLP over that of a token",
          "`m4`",
          [](Vit& vit, double number) { vit.mlp_width = static_cast<int>(number) * vit.width; },
          mlp_word),
      number_word(
          "f", kMaxMlpWidth, "f100", "the MLP's width",
          "width of the MLP itself; printed as `m` where it is a multiple of a token's", "`m4`",
          [](Vit& vit, double number) { vit.mlp_width = static_cast<int>(number); },
          [](const Vit&) { return std::string(); }),
      plain_word(
          "cls", "the features for the output layer",
          "a learned class token goes in front, and only its features to the output layer",
          "the mean of the tokens", [](Vit& vit, double) { vit.class_token = true; },
          [](const Vit& vit) -> std::string { return vit.class_token ? "cls" : ""; }),
      dropout_word<Vit>()};
}

const std::vector<Word<Vit>>& vit_table() {
  static const std::vector<Word<Vit>> kWords = [] {
    std::vector<Word<Vit>> all = required_words();
    for (auto& word : optional_words()) all.push_back(std::move(word));
    return all;
  }();
  return kWords;
}

const std::vector<Word<PaperVit>>& paper_words() {
  static const std::vector<Word<PaperVit>> kWords{
      {.text = WordText{.letters = "h",
                        .number = WordNumber::whole,
                        .range = {1, PaperVit::kWidth},
                        .example = "h4",
                        .sets = "the heads",
                        .meaning = "heads of the attention; divide 784",
                        .fallback = ""},
       .set = [](PaperVit& vit, double number) { vit.heads = static_cast<int>(number); },
       .print = [](const PaperVit& vit) { return fmt::format("h{}", vit.heads); }},
      dropout_word<PaperVit>()};
  return kWords;
}

std::optional<Error> heads_fault(int heads, int width, std::string_view whole) {
  if (width % heads == 0) return std::nullopt;
  return bad_architecture(whole,
                          fmt::format("{} heads do not divide the width of {}", heads, width),
                          fmt::format("write {}", nearest_divisors(width, heads, "h")));
}

std::optional<Error> head_width_fault(const Vit& vit, std::string_view whole) {
  const std::int64_t features = std::int64_t{vit.heads} * vit.head_width;
  if (features <= kMaxTokenWidth) return std::nullopt;
  return bad_architecture(whole, fmt::format("its heads have {} features", grouped(features)),
                          fmt::format("at most {} are allowed", grouped(kMaxTokenWidth)));
}

std::optional<Error> dropout_fault(double dropout, std::string_view whole) {
  if (is_dropout(dropout)) return std::nullopt;
  return bad_architecture(whole, fmt::format("a dropout of {} is not possible", shortest(dropout)),
                          fmt::format("write \"drop\" with a number {}", dropout_numbers()));
}

}  // namespace

bool is_dropout(double probability) {
  constexpr double kThousand = 1000.0;
  return kDropoutRange.contains(probability) &&
         std::round(probability * kThousand) / kThousand == probability;
}

std::string dropout_numbers() {
  return kDropoutRange.text() + ", with at most 3 decimals";
}

Architecture parse_vit(std::string_view settings, std::string_view whole) {
  if (settings.empty()) {
    throw bad_architecture(whole, "its sizes are missing", how_to_write());
  }
  const auto [first, rest] = first_word(settings);
  if (first == kPaper) {
    PaperVit paper;
    read_words(paper, rest, paper_words(), whole);
    if (auto fault = fault_of(paper, whole)) throw std::move(*fault);
    return Architecture(paper);
  }
  Vit vit;
  read_words(vit, settings, vit_table(), whole);
  if (auto fault = fault_of(vit, whole)) throw std::move(*fault);
  return Architecture(vit);
}

std::string settings_of(const Vit& vit) {
  return print_words(vit, vit_table());
}

std::string settings_of(const PaperVit& vit) {
  return fmt::format("{} {}", kPaper, print_words(vit, paper_words()));
}

std::optional<Error> fault_of(const Vit& vit, std::string_view whole) {
  auto fault =
      vit.head_width == 0 ? heads_fault(vit.heads, vit.width, whole) : head_width_fault(vit, whole);
  if (!fault) fault = dropout_fault(vit.dropout, whole);
  if (fault || vit.mlp_width <= kMaxMlpWidth) return fault;
  return bad_architecture(whole, fmt::format("its MLP has {} units", grouped(vit.mlp_width)),
                          fmt::format("at most {} are allowed", grouped(kMaxMlpWidth)));
}

std::optional<Error> fault_of(const PaperVit& vit, std::string_view whole) {
  auto fault = heads_fault(vit.heads, PaperVit::kWidth, whole);
  return fault ? fault : dropout_fault(vit.dropout, whole);
}

std::vector<WordText> vit_words() {
  return texts_of(vit_table());
}

}  // namespace minima::network
