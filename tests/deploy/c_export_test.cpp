// Takes a minute on one core: compiles some hundred C programs, for every format of weights and
// activations with every kind of layer.
#include "deploy/c/c_export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiled.h"
#include "compress/example_network.h"
#include "compress/integer/activation_memory.h"
#include "compress/integer/integer_inference.h"
#include "deploy/c/c_text.h"
#include "network/families/lower.h"
#include "support/temporary_folder.h"

namespace minima::deploy {
namespace {

using compress::ExampleNetwork;
using compress::IntegerNetwork;
using compress::IntegerSettings;
using compress::NumberFormat;
using testing::HasSubstr;
using testing::Not;

constexpr ImageShape kColour{.channels = 3, .height = 11, .width = 10};

CExportRequest request_for(const ExampleNetwork& example) {
  const auto image = example.image(0);
  return {.name = "example",
          .facts = {"run 0123456789abcdef"},
          .class_names = {},
          .image = {.pixels = {image.begin(), image.end()}, .label = 3}};
}

/// Prunes `percent` of the weights at random, never biases.
void prune(ExampleNetwork& example, int percent) {
  RandomStream random(3, 1, Purpose::pruning);
  example.mask().clear();
  for (std::size_t i = 0; i < example.parameters().size(); ++i) {
    example.mask().push_back(random.uniform() * 100.0 < percent ? 0 : 1);
  }
}

void expect_same_logits(const IntegerNetwork& network, const ExampleNetwork& example,
                        const std::string& compiler, const std::string& what) {
  const TemporaryFolder folder;
  const CSources sources = c_sources(network, request_for(example));
  ASSERT_TRUE(compiles(folder, sources, compiler)) << what;
  const auto printed = logits_of(folder, sources.name, example.images());
  ASSERT_EQ(printed.size(), example.image_count()) << what;
  for (std::size_t i = 0; i < printed.size(); ++i) {
    std::vector<std::int32_t> expected = compress::integer_logits(network, example.image(i));
    expected.insert(expected.begin(), compress::predicted_class(expected));
    ASSERT_EQ(printed[i], expected) << what << ", image " << i;
  }
  EXPECT_EQ(shell(folder, "./" + sources.name), 0) << what << ": its own test image";
}

/// Settings that combine a weight format with activation formats.
std::vector<IntegerSettings> settings_of(const study::FormatInfo& format) {
  using compress::Granularity;
  std::vector<IntegerSettings> all;
  const NumberFormat wide = format.bits == 16 ? NumberFormat::int8 : NumberFormat::int16;
  for (const NumberFormat activations :
       {wide, NumberFormat::int8, NumberFormat::int5, NumberFormat::int2}) {
    const bool alike = all.size() % 2 == 0;
    const auto granularity = alike ? Granularity::output_channel : Granularity::tensor;
    all.push_back({.weights = {.format = format.format, .granularity = granularity},
                   .activations = activations});
  }
  const bool can_be_affine = format.kind == study::FormatKind::integer && format.bits < 16;
  for (IntegerSettings& each : all) {
    if (can_be_affine && each.activations == NumberFormat::int8) {
      each.weights.granularity = Granularity::output_channel;
      each.weights.scheme = compress::Scheme::affine;
    }
  }
  return all;
}

/// Checks all formats with an increasing fraction of pruned weights.
void check_architecture(const std::string& architecture) {
  int percent = 0;
  ExampleNetwork example(architecture, kColour, compress::Pixels::standardised, 12);
  for (const study::FormatInfo& format : study::number_formats()) {
    if (format.kind == study::FormatKind::floating) continue;
    for (const IntegerSettings& settings : settings_of(format)) {
      prune(example, percent);
      const compress::IntegerBuild built = example.build(settings);
      ASSERT_TRUE(built.network) << built.reason;
      const std::string what = architecture + " " + settings.weights.text() + " activations " +
                               std::string(study::info(settings.activations).name) + " pruned " +
                               std::to_string(percent);
      expect_same_logits(*built.network, example, std::string("gcc ") + kUndefined, what);
      percent = (percent + 35) % 105;
    }
  }
}

class CExport : public testing::TestWithParam<std::string> {};

TEST_P(CExport, GivesTheLogitsOfTheIntegerNetworkBitForBit) {
  check_architecture(GetParam());
}

TEST_P(CExport, CompilesWithoutClangWarnings) {
  if (!has_compiler("clang")) GTEST_SKIP() << "clang is not installed";
  ExampleNetwork example(GetParam(), kColour, compress::Pixels::unit, 4);
  for (const NumberFormat format : {NumberFormat::int8, NumberFormat::int3, NumberFormat::binary}) {
    prune(example, format == NumberFormat::int3 ? 80 : 0);
    const compress::IntegerBuild built = example.build({.weights = {.format = format}});
    ASSERT_TRUE(built.network) << built.reason;
    expect_same_logits(*built.network, example, "clang -O2", GetParam());
  }
}

INSTANTIATE_TEST_SUITE_P(Of, CExport, testing::ValuesIn(compress::example_architectures()),
                         [](const auto& of) { return c_identifier(of.param); });

// The figure that `recommend` reports for a network whose weights it does not have.
TEST_P(CExport, UsesTheComputedMemory) {
  for (const NumberFormat activations : {NumberFormat::int8, NumberFormat::int16}) {
    ExampleNetwork example(GetParam(), kColour, compress::Pixels::unit, 2);
    const compress::IntegerBuild built = example.build({.activations = activations});
    ASSERT_TRUE(built.network) << built.reason;
    const CSources sources = c_sources(*built.network, request_for(example));
    const Problem problem = built.network->problem;
    const auto graph = network::graph_of(network::Architecture::parse(GetParam()), problem);
    const auto logits = 4 * static_cast<std::size_t>(problem.classes);
    EXPECT_EQ(compress::integer_ram_bytes(graph, activations), sources.memory_bytes + logits);
  }
}

TEST(CSources, ReportTheirMemory) {
  ExampleNetwork example("dnn 16-12", kColour, compress::Pixels::unit, 2);
  const compress::IntegerBuild built = example.build({.weights = {.format = NumberFormat::int4}});
  const CSources sources = c_sources(*built.network, request_for(example));
  EXPECT_EQ(sources.memory_bytes, 16U + 12U);
  // Weights take half a byte and biases four; the multiplier of each layer is in the code.
  EXPECT_EQ(sources.constant_bytes, (330 * 16 + 16 * 12 + 12 * 10) / 2U + 4U * (16 + 12 + 10));
  EXPECT_THAT(sources.source, HasSubstr("Flash: 2948 bytes of constants"));
  EXPECT_THAT(sources.source, HasSubstr("RAM: 28 bytes of activations, 40 of logits"));
  EXPECT_THAT(sources.source, HasSubstr("run 0123456789abcdef"));
}

TEST(CSources, IncludeOnlyStdint) {
  ExampleNetwork example("cnn 4-6 pad1 avg2", kColour, compress::Pixels::unit, 2);
  const CSources sources = c_sources(*example.build({}).network, request_for(example));
  EXPECT_THAT(sources.header, HasSubstr("#include <stdint.h>"));
  std::string source = sources.source;
  const std::string flash = "#include <avr/pgmspace.h>";  // on AVR alone
  const std::size_t avr = source.find("#ifdef __AVR__\n" + flash);
  ASSERT_NE(avr, std::string::npos);
  source.erase(avr, 15 + flash.size());
  EXPECT_THAT(source, Not(HasSubstr("#include <")));
  for (const char* word : {"malloc", "float", "double", "printf"}) {
    EXPECT_THAT(sources.source, Not(HasSubstr(word)));
  }
}

TEST(CSources, AcceptNamesThatAreNotIdentifiers) {
  ExampleNetwork example("dnn 4", kColour, compress::Pixels::unit, 2);
  const compress::IntegerBuild built = example.build({});
  for (const char* name : {"my-net.v2", "3d", "a\"b", "int", "with blanks"}) {
    CExportRequest request = request_for(example);
    request.name = name;
    request.class_names = {"a \"b\"", "c\\", "\xC3\xA4", "", "%d", "?", "f", "g", "h", "*/"};
    request.facts = {"dataset my/*/folder", name};
    const TemporaryFolder folder;
    const CSources sources = c_sources(*built.network, request);
    EXPECT_TRUE(compiles(folder, sources, "gcc")) << name;
    EXPECT_EQ(shell(folder, "./" + sources.name), 0) << name << output(folder);
  }
}

TEST(CSources, RejectATestImageOfTheWrongSize) {
  ExampleNetwork example("dnn 4", kColour, compress::Pixels::unit, 2);
  const compress::IntegerBuild built = example.build({});
  EXPECT_THROW((void)c_sources(*built.network, {.name = "x", .image = {.pixels = {1, 2}}}),
               std::invalid_argument);
}

TEST(CText, CannotEscapeItsCommentOrString) {
  EXPECT_THAT(c_comment(std::vector<std::string>{"a */ b", "c /* d"}), Not(HasSubstr("a */")));
  EXPECT_EQ(c_string("a\"\\?"
                     "?/\n"),
            R"("a\"\\\?\?/\012")");
  EXPECT_EQ(c_identifier("MNIST small-2"), "mnist_small_2");
  EXPECT_EQ(c_identifier("3d"), "net_3d");
}

}  // namespace
}  // namespace minima::deploy
