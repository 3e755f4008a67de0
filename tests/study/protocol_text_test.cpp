// The text of a protocol is read back to the protocol that printed it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "study/settings/compression_settings.h"
#include "support/properties.h"

namespace minima::study {
namespace {

using rc::gen::element;
using rc::gen::inRange;

template <HasWords E>
E any_of() {
  const auto& words = enum_words<E>();
  return words[*inRange<std::size_t>(0, words.size())].value;
}

std::vector<std::string> any_names() {
  if (*inRange(0, 3) != 0) return {};
  return {"fc1", "block1.attention.q.weight"};
}

std::optional<double> any_rate() {
  if (*inRange(0, 2) == 0) return std::nullopt;
  return *element(0.001, 1e-7, 3.0);
}

PruningProtocol any_pruning() {
  PruningProtocol protocol;
  protocol.target = any_of<PruningProtocol::Target>();
  protocol.criterion = any_of<PruningProtocol::Criterion>();
  if (protocol.target == PruningProtocol::Target::weights) {
    protocol.scope = any_of<PruningProtocol::Scope>();
  }
  protocol.schedule = any_of<PruningProtocol::Schedule>();
  if (protocol.schedule == PruningProtocol::Schedule::listed) protocol.sparsity = {0.5, 0.25, 0.98};
  protocol.rounds = *inRange(1, 20);
  protocol.epochs = *inRange(0, 3);
  if (protocol.epochs > 0) protocol.learning_rate = any_rate();
  if (*inRange(0, 2) == 0) protocol.rewind = *inRange(0, 10);
  protocol.biases = *inRange(0, 2) == 0;
  protocol.keep = any_names();
  return protocol;
}

Clipping any_clipping() {
  return {.rule = any_of<Clipping::Rule>(), .percentile = *element(99.9, 50.0, 99.99)};
}

QuantizationProtocol any_quantization() {
  using Kind = QuantizationProtocol::Activations::Kind;
  QuantizationProtocol protocol;
  protocol.method = any_of<QuantizationProtocol::Method>();
  protocol.scope = any_of<QuantizationProtocol::Scope>();
  protocol.granularity = any_of<Granularity>();
  protocol.scheme = any_of<Scheme>();
  protocol.clipping = any_clipping();
  protocol.activations = {.kind = *element(Kind::none, Kind::same, Kind::format),
                          .format = any_of<NumberFormat>()};
  protocol.activation_clipping = any_clipping();
  protocol.calibration_images = *inRange(1, 5000);
  if (protocol.method == QuantizationProtocol::Method::qat) {
    protocol.epochs = *inRange(1, 9);
    protocol.learning_rate = any_rate();
  }
  protocol.keep = any_names();
  return protocol;
}

RC_GTEST_PROP(ProtocolText, OfPruningIsReadBack, ()) {
  const PruningProtocol protocol = any_pruning();
  RC_LOG() << protocol.text();
  const auto read = parse_pruning(protocol.text());
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->text() == protocol.text());
  RC_ASSERT(read->target == protocol.target);
  RC_ASSERT(read->criterion == protocol.criterion);
  RC_ASSERT(read->scope == protocol.scope);
  RC_ASSERT(read->schedule == protocol.schedule);
  RC_ASSERT(read->rewind == protocol.rewind);
  RC_ASSERT(read->biases == protocol.biases);
  RC_ASSERT(read->keep == protocol.keep);
  RC_ASSERT(read->steps() == protocol.steps());
}

RC_GTEST_PROP(ProtocolText, OfQuantizationIsReadBack, ()) {
  using Kind = QuantizationProtocol::Activations::Kind;
  const QuantizationProtocol protocol = any_quantization();
  RC_LOG() << protocol.text();
  const auto read = parse_quantization(protocol.text());
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->text() == protocol.text());
  RC_ASSERT(read->method == protocol.method);
  RC_ASSERT(read->scope == protocol.scope);
  RC_ASSERT(read->scheme == protocol.scheme);
  RC_ASSERT(read->granularity == protocol.granularity);
  RC_ASSERT(read->clipping.rule == protocol.clipping.rule);
  RC_ASSERT(read->activations.kind == protocol.activations.kind);
  if (protocol.activations.kind != Kind::none) {
    RC_ASSERT(read->calibration_images == protocol.calibration_images);
    RC_ASSERT(read->activation_clipping.rule == protocol.activation_clipping.rule);
  }
  RC_ASSERT(read->keep == protocol.keep);
}

TEST(ProtocolText, ThatNoProtocolPrintsIsRefused) {
  for (const char* text :
       {"", "one-shot", "one-shot global", "one-shot global magnitude ", "global magnitude",
        "one-shot global magnitude magnitude", "listed global magnitude",
        "listed=nan,0.5 global magnitude", "geometric global magnitude",
        "geometric to=0.9 rounds=0 global magnitude", "geometric to=x rounds=3 global magnitude",
        "one-shot global magnitude epochs=-1", "one-shot global magnitude rewind=99999999999",
        "ONE-SHOT global magnitude"}) {
    EXPECT_FALSE(parse_pruning(text).has_value()) << text;
  }
  for (const char* text :
       {"", "ptq", "ptq tensor", "ptq tensor symmetric", "ptq tensor symmetric percentile=",
        "ptq tensor symmetric max activations=int8", "ptq tensor symmetric max activations=int99",
        "ptq tensor symmetric max activations=int8 images=many", "ptq symmetric tensor max",
        "ptq tensor symmetric max max"}) {
    EXPECT_FALSE(parse_quantization(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace minima::study
