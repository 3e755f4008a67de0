#include "study/file/devices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "support/messages.h"

namespace minima::study {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kMine = R"(
[[device]]
name = "mine"
core = "cortex-m4"
flash_bytes = 1_000
ram_bytes = 500
megahertz = 12.5
)";

std::string refusal(const std::string& text) {
  return message_of([&] { (void)parse_devices(text, "boards.toml"); });
}

TEST(Devices, AreTenWithDistinctNamesAndKnownCosts) {
  EXPECT_THAT(known_devices(), SizeIs(10));
  std::set<std::string> names;
  for (const Device& device : known_devices()) {
    names.insert(device.name);
    EXPECT_GT(device.core.cycles_per_dense, 1.0) << device.name;
    EXPECT_GT(device.core.cycles_per_convolution, 1.0) << device.name;
    EXPECT_GT(device.core.code_bytes, 100) << device.name;
    EXPECT_LT(device.core.code_bytes, device.flash_bytes) << device.name;
  }
  EXPECT_THAT(names, SizeIs(10));
}

TEST(Devices, OfAFileHaveTheCostsOfTheirCore) {
  const auto devices = parse_devices(kMine, "boards.toml");
  ASSERT_THAT(devices, SizeIs(1));
  EXPECT_EQ(devices[0].name, "mine");
  EXPECT_EQ(devices[0].flash_bytes, 1000);
  EXPECT_EQ(devices[0].ram_bytes, 500);
  EXPECT_EQ(devices[0].megahertz, 12.5);
  const Device nrf = device_named(known_devices(), "nrf52832");
  EXPECT_EQ(devices[0].core.cycles_per_dense, nrf.core.cycles_per_dense);
}

TEST(Devices, OfAFileMayReplaceTheCosts) {
  const auto devices = parse_devices(
      std::string(kMine) + "cycles_per_multiply_add = 3.5\ncode_bytes = 700\n", "boards.toml");
  EXPECT_EQ(devices.at(0).core.cycles_per_dense, 3.5);
  EXPECT_EQ(devices.at(0).core.cycles_per_convolution, 3.5);
  EXPECT_EQ(devices.at(0).core.code_bytes, 700);
  EXPECT_EQ(devices.at(0).core.code_bytes_per_layer, 0);
}

TEST(Devices, AreRefusedWithLineAndRemedy) {
  EXPECT_THAT(refusal("[[device]]\nname = \"x\"\n"), HasSubstr("has no core; add core = "));
  std::string text = kMine;
  text.replace(text.find("cortex-m4"), 9, "cortex-m5");
  EXPECT_THAT(refusal(text), HasSubstr("boards.toml: line 4"));
  EXPECT_THAT(refusal(text), HasSubstr("cortex-m3"));
  EXPECT_THAT(refusal(std::string(kMine) + "colour = 1\n"), HasSubstr("colour"));
  EXPECT_THAT(refusal("device = 3\n"), HasSubstr("boards.toml: line 1"));
  EXPECT_THAT(refusal("[board]\n"), HasSubstr("device"));
  EXPECT_THAT(refusal("[[device]\n"), HasSubstr("boards.toml: line 1"));
  text = kMine;
  text.replace(text.find("1_000"), 5, "-5");
  EXPECT_THAT(refusal(text), HasSubstr("flash_bytes"));
}

TEST(Devices, LaterOnesReplaceEarlierOnes) {
  std::vector<Device> devices = known_devices();
  devices.push_back({.name = "rp2040", .core = known_cores().front(), .flash_bytes = 7});
  EXPECT_EQ(device_named(devices, "rp2040").flash_bytes, 7);
}

TEST(Devices, AnUnknownNameGetsASuggestion) {
  EXPECT_THAT(message_of([] { (void)device_named(known_devices(), "rp2041"); }),
              HasSubstr("unknown device \"rp2041\"; did you mean \"rp2040\""));
}

}  // namespace
}  // namespace minima::study
