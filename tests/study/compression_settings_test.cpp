#include "study/settings/compression_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "study/file/study_file.h"
#include "support/messages.h"

namespace minima::study {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pointwise;

Study study_with_sections(const std::string& sections, const std::string& weights = "") {
  return parse_study(
      "[study]\nname = \"a\"\n" + weights +
          "[data]\ndatasets = \"glyphs\"\n[[design]]\narchitectures = [\"dnn 5\"]\n" + sections,
      "a.toml");
}

std::string compression_refusal(const std::string& sections, const std::string& weights = "") {
  return message_of([&] { (void)study_with_sections(sections, weights); });
}

PruningProtocol pruning(const std::string& options) {
  return study_with_sections("[[pruning.protocol]]\n" + options).pruning.protocols.front();
}

QuantizationProtocol quantization(const std::string& options) {
  return study_with_sections("[[quantization.protocol]]\n" + options)
      .quantization.protocols.front();
}

TEST(CompressionSettings, AreNoneWithoutTheirSections) {
  const Study study = study_with_sections("");
  EXPECT_TRUE(study.pruning.protocols.empty());
  EXPECT_TRUE(study.quantization.protocols.empty());
  EXPECT_EQ(study.weights, KeepWeights::representative);
}

TEST(CompressionSettings, HaveOneProtocolInAnEmptySection) {
  const Study study = study_with_sections("[pruning]\n[quantization]\n");
  ASSERT_EQ(study.pruning.protocols.size(), 1U);
  EXPECT_EQ(study.pruning.protocols[0].text(), "one-shot global magnitude");
  EXPECT_EQ(study.pruning.protocols[0].steps().size(), 12U);
  ASSERT_EQ(study.quantization.protocols.size(), 1U);
  EXPECT_EQ(study.quantization.protocols[0].text(), "ptq tensor symmetric auto");
  EXPECT_EQ(study.quantization.protocols[0].formats.size(), number_formats().size());
}

TEST(CompressionSettings, AddUpTheirProtocols) {
  const Study study = study_with_sections(
      "[pruning]\nrepresentatives = \"best\"\n[[pruning.protocol]]\n[[pruning.protocol]]\n"
      "scope = \"layer\"\n");
  EXPECT_EQ(study.pruning.representatives, Representatives::best);
  ASSERT_EQ(study.pruning.protocols.size(), 2U);
  EXPECT_EQ(study.pruning.protocols[1].text(), "one-shot layer magnitude");
}

TEST(CompressionSettings, PrintEverythingThatACurveDependsOn) {
  EXPECT_EQ(pruning("schedule = \"geometric\"\nsparsity = 0.99\nrounds = 5\nepochs = 2\n"
                    "learning_rate = 0.01\nbiases = true\nkeep = [\"fc2\", \"fc1\"]\n")
                .text(),
            "geometric to=0.99 rounds=5 global magnitude epochs=2 learning_rate=0.01 biases "
            "keep=fc1,fc2");
  EXPECT_EQ(pruning("schedule = \"listed\"\nsparsity = [0.9, 0.5]\nrewind = 0\n").text(),
            "listed=0.5,0.9 global magnitude rewind=0");
  EXPECT_EQ(pruning("target = \"units\"\n").text(), "one-shot units magnitude");
  EXPECT_EQ(quantization("method = \"qat\"\nactivations = \"int8\"\ngranularity = \"channel\"\n"
                         "scheme = \"affine\"\nclipping = { name = \"percentile\", percentile = 99 "
                         "}\nepochs = 3\n")
                .text(),
            "qat channel affine percentile=99 activations=int8 images=1000 auto epochs=3");
}

TEST(CompressionSettings, GoToASparsityInGeometricOrLinearSteps) {
  const auto near = [](double x) { return DoubleNear(x, 1e-12); };
  EXPECT_THAT(pruning("schedule = \"geometric\"\nsparsity = 0.875\nrounds = 3\n").steps(),
              ElementsAre(near(0.5), near(0.75), near(0.875)));
  EXPECT_THAT(pruning("schedule = \"linear\"\nsparsity = 0.9\nrounds = 3\n").steps(),
              ElementsAre(near(0.3), near(0.6), near(0.9)));
  EXPECT_THAT(pruning("sparsity = [0.9, 0.1, 0.9]\n").steps(), ElementsAre(0.1, 0.9));
}

TEST(CompressionSettings, RoundActivationsOnlyToFormatsThatTheyCanHave) {
  const QuantizationProtocol same = quantization("activations = \"same\"\n");
  EXPECT_EQ(same.activations_beside(NumberFormat::int4), NumberFormat::int4);
  EXPECT_EQ(same.activations_beside(NumberFormat::binary), std::nullopt);
  EXPECT_EQ(quantization("activations = \"int8\"\n").activations_beside(NumberFormat::binary),
            NumberFormat::int8);
  EXPECT_EQ(quantization("").activations_beside(NumberFormat::int8), std::nullopt);
}

TEST(CompressionSettings, ClipToTheLeastSquaredErrorAtFourBitsAndFewer) {
  using Rule = Clipping::Rule;
  const QuantizationProtocol defaults = quantization("activations = \"same\"\n");
  for (const FormatInfo& format : number_formats()) {
    if (format.kind != FormatKind::integer) continue;
    const Rule expected = format.bits <= 4 ? Rule::least_squared_error : Rule::max;
    EXPECT_EQ(defaults.quantizer(format.format).clipping.rule, expected) << format.name;
    EXPECT_EQ(defaults.clipping_of_activations(format.format).rule, expected) << format.name;
  }
  EXPECT_EQ(quantization("clipping = \"max\"\n").quantizer(NumberFormat::int2).clipping.rule,
            Rule::max);
}

TEST(CompressionSettings, NameTheMaximumOfActivationsAsStoresAlwaysDid) {
  EXPECT_EQ(quantization("clipping = \"max\"\nactivations = \"same\"\n"
                         "activation_clipping = \"max\"\n")
                .text(),
            "ptq tensor symmetric max activations=same images=1000");
}

TEST(CompressionSettings, KeepTheWeightsThatTheyNeed) {
  EXPECT_EQ(study_with_sections("[pruning]\n").weights, KeepWeights::all);
  EXPECT_EQ(study_with_sections("[pruning]\nrepresentatives = \"median\"\n").weights,
            KeepWeights::representative);
  EXPECT_THAT(compression_refusal("[pruning]\n", "weights = \"representative\"\n"),
              HasSubstr("weights = \"all\""));
  EXPECT_THAT(
      compression_refusal("[quantization]\nrepresentatives = \"median\"\n", "weights = \"none\"\n"),
      HasSubstr("line 3"));
}

TEST(CompressionSettings, RefuseWhatContradictsItself) {
  EXPECT_THAT(compression_refusal("[[pruning.protocol]]\nepochs = 1\nrewind = 0\n"),
              HasSubstr("both epochs and rewind"));
  EXPECT_THAT(compression_refusal("[[pruning.protocol]]\nrewind = 20\n"),
              HasSubstr("last of 20 epochs"));
  EXPECT_THAT(compression_refusal("[[pruning.protocol]]\ntarget = \"units\"\nbiases = true\n"),
              HasSubstr("units are removed by magnitude"));
  EXPECT_THAT(compression_refusal("[[pruning.protocol]]\nscope = \"one-layer\"\nepochs = 1\n"),
              HasSubstr("in one shot"));
  EXPECT_THAT(compression_refusal("[[quantization.protocol]]\nmethod = \"qat\"\npruned = true\n"),
              HasSubstr("ptq"));
  EXPECT_THAT(compression_refusal("[[quantization.protocol]]\nmethod = \"qat\"\nepochs = 0\n"),
              HasSubstr("needs epochs"));
}

TEST(CompressionSettings, RefuseUnknownWordsAndNumbersOutOfRange) {
  EXPECT_THAT(compression_refusal("[prunning]\n"), HasSubstr("pruning"));
  EXPECT_THAT(compression_refusal("[[pruning.protocol]]\nsparsity = 1\n"), HasSubstr("sparsity"));
  EXPECT_THAT(compression_refusal("[[pruning.protocol]]\nsparsity = []\n"), HasSubstr("empty"));
  EXPECT_THAT(compression_refusal("[pruning]\nprotocol = 3\n"), HasSubstr("two brackets"));
  EXPECT_THAT(compression_refusal("[[quantization.protocol]]\nformats = \"int7\"\n"),
              HasSubstr("int"));
  EXPECT_THAT(compression_refusal("[[quantization.protocol]]\nactivations = \"binary\"\n"),
              HasSubstr("cannot be binary"));
  EXPECT_THAT(compression_refusal("[[pruning.protocol]]\nbiases = 1\n"),
              HasSubstr("true or false"));
}

}  // namespace
}  // namespace minima::study
