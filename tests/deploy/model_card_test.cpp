#include "deploy/export/model_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "planted_export.h"

namespace minima::deploy {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string card(const Provenance& provenance, const std::string& format = "c") {
  return model_card_of(format, provenance, planted_network("somewhere"));
}

std::string front_matter_of(const std::string& text) {
  EXPECT_TRUE(text.starts_with("---\n"));
  return text.substr(4, text.find("\n---\n") - 4);
}

TEST(ModelCard, BeginsWithTheBlockThatModelHubsRead) {
  const std::string block = front_matter_of(card(planted_provenance()));
  EXPECT_THAT(block, HasSubstr("pipeline_tag: image-classification"));
  EXPECT_THAT(block, HasSubstr("datasets:\n- \"my/digits size=8x8\""));
  EXPECT_THAT(block, HasSubstr("metrics:\n- \"accuracy\""));
  EXPECT_THAT(block, HasSubstr("value: 0.900000"));
}

TEST(ModelCard, LeavesTheLicenseOpen) {
  const std::string block = front_matter_of(card(planted_provenance()));
  EXPECT_THAT(block, HasSubstr("# license: not set"));
  EXPECT_THAT(block, Not(HasSubstr("\nlicense:")));
}

// 180 of 200, by the formula of Wilson (1927) with z = 1.96.
TEST(ModelCard, GivesTheAccuracyWithItsInterval) {
  EXPECT_THAT(card(planted_provenance()), HasSubstr("95 % interval 0.8506 to 0.9343"));
}

TEST(ModelCard, SaysWhenTheAccuracyWasNotVerified) {
  Provenance provenance = planted_provenance();
  EXPECT_THAT(card(provenance), Not(HasSubstr("not measured again")));
  provenance.is_verified = false;
  provenance.variant.test_accuracy = std::nan("");
  const std::string text = card(provenance);
  EXPECT_THAT(text, HasSubstr("not measured again"));
  EXPECT_THAT(text, HasSubstr("0.9000 on 200 test images, as recorded in the store"));
}

TEST(ModelCard, HasNoMetricForANetworkWithoutAccuracy) {
  Provenance provenance = planted_provenance();
  provenance.variant.test_accuracy = std::nan("");
  EXPECT_THAT(card(provenance), Not(HasSubstr("model-index")));
}

TEST(ModelCard, CannotBeBrokenByNames) {
  Provenance provenance = planted_provenance();
  provenance.dataset = "a\n---\nlicense: \"mit\"";
  const std::string text = card(provenance);
  EXPECT_THAT(front_matter_of(text), Not(HasSubstr("\nlicense:")));
  EXPECT_THAT(front_matter_of(text), HasSubstr("pipeline_tag"));
  EXPECT_THAT(text, HasSubstr("1. `d'o/g\\x0a`"));
}

TEST(ModelCard, ShowsHowToLoadEachFormat) {
  EXPECT_THAT(card(planted_provenance(), "onnx"), HasSubstr("onnxruntime.InferenceSession"));
  EXPECT_THAT(card(planted_provenance(), "safetensors"), HasSubstr("safe_open"));
  EXPECT_THAT(card(planted_provenance(), "tflite"), HasSubstr("interpreter import Interpreter"));
  EXPECT_THAT(card(planted_provenance(), "tflite"), HasSubstr("int8: each byte less 128"));
  EXPECT_THAT(card(planted_provenance(), "c"), HasSubstr("net_main.c"));
  EXPECT_THAT(card(planted_provenance(), "arduino"), HasSubstr("`libraries`"));
}

}  // namespace
}  // namespace minima::deploy
