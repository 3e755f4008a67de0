// Properties of every architecture that can be written down.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/error.h"
#include "network/limits.h"
#include "network/notation/architecture.h"
#include "support/properties.h"

namespace minima::network {
namespace {

using rc::gen::arbitrary;
using rc::gen::element;
using rc::gen::inRange;

std::vector<int> any_sizes(std::size_t fewest, std::size_t most, int largest) {
  const auto count = *inRange<std::size_t>(fewest, most + 1);
  return *rc::gen::container<std::vector<int>>(count, inRange(1, largest + 1));
}

double any_dropout() {
  return *inRange(0, 1000) / 1000.0;
}

Activation any_activation() {
  return *element(Activation::gelu, Activation::relu);
}

Cnn any_cnn() {
  return {.filters = any_sizes(1, 5, kMaxFilters),
          .kernel = *inRange(1, kMaxKernel + 1),
          .stride = *inRange(1, kMaxKernel + 1),
          .padding = *inRange(0, kMaxKernel),
          .pooling = *element(Cnn::Pooling::none, Cnn::Pooling::max, Cnn::Pooling::average),
          .head = *element(Cnn::Head::flatten, Cnn::Head::average),
          .activation = any_activation()};
}

Vit any_vit() {
  return {.width = *inRange(1, 500),
          .heads = *inRange(1, 9),
          .head_width = *element(0, *inRange(1, 100)),
          .blocks = *inRange(1, kMaxBlocks + 1),
          .patch = *inRange(1, kMaxPatch + 1),
          .mlp_width = *inRange(1, 5000),
          .pre_norm = *arbitrary<bool>(),
          .activation = any_activation(),
          .class_token = *arbitrary<bool>(),
          .dropout = any_dropout()};
}

/// Any architecture, including invalid ones.
Architecture any_architecture() {
  switch (*inRange(0, 4)) {
    case 0:
      return Architecture(
          Dnn{.hidden = any_sizes(0, 6, kMaxWidth), .activation = any_activation()});
    case 1:
      return Architecture(any_cnn());
    case 2:
      return Architecture(any_vit());
    default:
      return Architecture(PaperVit{.heads = *inRange(1, 60), .dropout = any_dropout()});
  }
}

bool is_possible(const Architecture& architecture) {
  return !architecture.fault();
}

RC_GTEST_PROP(Notation, OfEveryArchitectureReadsBackAsTheSame, ()) {
  const Architecture architecture = any_architecture();
  RC_PRE(is_possible(architecture));
  RC_TAG(word_text(architecture.family()));
  const Architecture read = Architecture::parse(architecture.text());
  // The default head width is omitted from the text.
  RC_ASSERT(read.text() == architecture.text());
  RC_ASSERT(read.family() == architecture.family());
  RC_ASSERT(is_possible(read));
}

RC_GTEST_PROP(Notation, IsReadTheSameWithAnyBlanks, ()) {
  const Architecture architecture = any_architecture();
  RC_PRE(is_possible(architecture));
  std::string text = *element<std::string>("", " ", "\t ");
  for (const char c : architecture.text()) {
    text += c == ' ' ? *element<std::string>(" ", "  ", " \t") : std::string(1, c);
  }
  text += *element<std::string>("", " ", "\n");
  RC_ASSERT(Architecture::parse(text).text() == architecture.text());
}

RC_GTEST_PROP(Notation, IsRefusedInOneLineOrReadsBack, ()) {
  std::string text = any_architecture().text();
  const auto edits = *inRange(1, 4);
  for (int i = 0; i < edits; ++i) {
    const auto at = *inRange<std::size_t>(0, text.size() + 1);
    const std::string piece =
        *element<std::string>("", " ", "-", "0", "1", "9999999999", "h", "a", "p", "drop", "x",
                              "max2", "\n", "\x1b", "-1", ".5");
    text.replace(at, *inRange<std::size_t>(0, 3), piece);
  }
  try {
    const std::string canonical = Architecture::parse(text).text();
    RC_ASSERT(Architecture::parse(canonical).text() == canonical);
  } catch (const Error& error) {
    const std::string message = error.what();
    RC_ASSERT(!message.empty());
    RC_ASSERT(std::ranges::none_of(message, [](char c) { return c == '\n' || c == '\x1b'; }));
  }
}

}  // namespace
}  // namespace minima::network
