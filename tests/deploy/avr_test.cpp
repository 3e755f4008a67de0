// Exported C on an 8-bit AVR under simavr. Skipped without Debian's gcc-avr, avr-libc and simavr.
#include <gtest/gtest.h>

#include <regex>

#include "compiled.h"
#include "compress/example_network.h"
#include "compress/integer/integer_inference.h"
#include "deploy/c/c_export.h"
#include "deploy/c/c_text.h"
#include "support/temporary_folder.h"

namespace minima::deploy {
namespace {

using compress::ExampleNetwork;
using compress::IntegerNetwork;
using compress::IntegerSettings;
using compress::NumberFormat;

// A program for the board: it prints the logits of images in flash over the serial port, and stops.
constexpr const char* kBoard = R"(
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/pgmspace.h>
#include <avr/sleep.h>
#include "net.h"

static void put(char c) {
  while (!(UCSR0A & (1 << UDRE0))) {}
  UDR0 = (uint8_t)c;
}

static void put_number(int32_t value) {
  char digits[12];
  uint8_t count = 0;
  uint32_t size = value < 0 ? 0u - (uint32_t)value : (uint32_t)value;
  if (value < 0) put('-');
  do {
    digits[count++] = (char)('0' + size % 10);
    size /= 10;
  } while (size);
  while (count) put(digits[--count]);
}

static uint8_t image[NET_PIXELS];
static net_memory memory;

int main(void) {
  int32_t logits[NET_CLASSES];
  uint16_t n, i;
  UCSR0B = 1 << TXEN0;
  for (n = 0; n < sizeof images / NET_PIXELS; ++n) {
    for (i = 0; i < NET_PIXELS; ++i) image[i] = pgm_read_byte(&images[n * NET_PIXELS + i]);
    net_logits(image, &memory, logits);
    for (i = 0; i < NET_CLASSES; ++i) {
      put_number(logits[i]);
      put(' ');
    }
    put('\n');
  }
  cli();
  sleep_enable();
  sleep_cpu();
  return 0;
}
)";

CSources sources_of(const IntegerNetwork& network, const ExampleNetwork& example) {
  const auto image = example.image(0);
  return c_sources(network, {.name = "net",
                             .facts = {},
                             .class_names = {},
                             .image = {.pixels = {image.begin(), image.end()}}});
}

/// Builds net.elf. `-Werror=...` would not notice that constants went to RAM; their size does.
bool builds_for_avr(const TemporaryFolder& folder, const CSources& sources,
                    std::span<const std::uint8_t> images) {
  CArrays arrays("", "PROGMEM");
  arrays.add("uint8_t", 1, "images", std::vector<std::uint8_t>(images.begin(), images.end()));
  std::string board = kBoard;
  board.insert(board.find("static void put("), arrays.text() + "\n");
  write(folder / "net.h", sources.header);
  write(folder / "net.c", sources.source);
  write(folder / "board.c", board);
  const int result = shell(folder,
                           "avr-gcc -std=c99 -Wall -Wextra -Werror -pedantic -Os "
                           "-mmcu=atmega328p -o net.elf net.c board.c");
  if (result != 0) ADD_FAILURE() << output(folder) << sources.source;
  return result == 0;
}

/// The logits that the board prints: one line per image.
std::vector<std::vector<std::int32_t>> run_on_avr(const TemporaryFolder& folder) {
  EXPECT_EQ(shell(folder, "timeout 120 simavr -m atmega328p -f 16000000 net.elf"), 0)
      << output(folder);
  // simavr prints each line of the serial port in colour, with a dot for the line feed.
  static const std::regex colours("\x1B\\[[0-9;]*m");
  std::istringstream lines(std::regex_replace(output(folder), colours, ""));
  std::vector<std::vector<std::int32_t>> all;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream numbers(line);
    std::vector<std::int32_t> logits;
    for (std::int32_t number = 0; numbers >> number;) logits.push_back(number);
    if (!logits.empty()) all.push_back(std::move(logits));
  }
  return all;
}

void expect_same_on_avr(const IntegerNetwork& network, const ExampleNetwork& example,
                        const std::string& what) {
  const TemporaryFolder folder;
  if (!builds_for_avr(folder, sources_of(network, example), example.images())) return;
  const auto printed = run_on_avr(folder);
  ASSERT_EQ(printed.size(), example.image_count()) << what << output(folder);
  for (std::size_t i = 0; i < printed.size(); ++i) {
    ASSERT_EQ(printed[i], compress::integer_logits(network, example.image(i))) << what;
  }
}

bool has_avr() {
  return has_compiler("avr-gcc") && has_compiler("simavr");
}

TEST(CExportOnAvr, RunsANetworkOfSixKilobytesWithTheSameLogits) {
  if (!has_avr()) GTEST_SKIP() << "gcc-avr, avr-libc or simavr is not installed";
  constexpr ImageShape kImage{.channels = 1, .height = 18, .width = 18};
  const ExampleNetwork example("dnn 18", kImage, compress::Pixels::unit, 3);
  const compress::IntegerBuild built = example.build({});
  ASSERT_TRUE(built.network) << built.reason;
  const CSources sources = sources_of(*built.network, example);
  EXPECT_GT(sources.constant_bytes, 6000U);
  expect_same_on_avr(*built.network, example, "6 KB");
}

// The board has 2 KB of RAM, so 6 KB of constants would not even link there.
TEST(CExportOnAvr, KeepsConstantsInFlash) {
  if (!has_avr()) GTEST_SKIP() << "gcc-avr, avr-libc or simavr is not installed";
  const ExampleNetwork example("cnn 2 pad1 max2", {.channels = 1, .height = 8, .width = 8},
                               compress::Pixels::standardised, 1);
  const compress::IntegerBuild built = example.build({.weights = {.format = NumberFormat::int4}});
  ASSERT_TRUE(built.network) << built.reason;
  const TemporaryFolder folder;
  ASSERT_TRUE(builds_for_avr(folder, sources_of(*built.network, example), example.images()));
  ASSERT_EQ(shell(folder, "avr-gcc -std=c99 -Os -mmcu=atmega328p -c net.c && avr-size -A net.o"),
            0);
  const std::string sizes = output(folder);
  for (const char* section : {R"(\.data +0 )", R"(\.bss +0 )"}) {
    EXPECT_TRUE(std::regex_search(sizes, std::regex(section))) << sizes;
  }
  EXPECT_EQ(sizes.find(".rodata"), std::string::npos) << sizes;
}

// Every kind of layer, and all three layouts of weights, with constants of each type.
TEST(CExportOnAvr, GivesTheSameLogitsForEveryKindOfLayer) {
  if (!has_avr()) GTEST_SKIP() << "gcc-avr, avr-libc or simavr is not installed";
  constexpr ImageShape kColour{.channels = 3, .height = 11, .width = 10};
  for (const std::string& architecture : compress::example_architectures()) {
    ExampleNetwork example(architecture, kColour, compress::Pixels::standardised, 2);
    for (const int percent : {0, 60, 97}) {
      RandomStream random(3, 1, Purpose::pruning);
      example.mask().clear();
      for (std::size_t i = 0; i < example.parameters().size(); ++i) {
        example.mask().push_back(random.uniform() * 100.0 < percent ? 0 : 1);
      }
      const bool affine = percent == 0;
      const IntegerSettings settings{
          .weights = {.format = affine ? NumberFormat::int4 : NumberFormat::int8,
                      .granularity = compress::Granularity::output_channel,
                      .scheme = affine ? compress::Scheme::affine : compress::Scheme::symmetric},
          .activations = percent == 60 ? NumberFormat::int16 : NumberFormat::int8};
      const compress::IntegerBuild built = example.build(settings);
      if (!built.network) continue;  // such as units that pruning left without input
      expect_same_on_avr(*built.network, example,
                         architecture + " pruned " + std::to_string(percent));
    }
  }
}

}  // namespace
}  // namespace minima::deploy
