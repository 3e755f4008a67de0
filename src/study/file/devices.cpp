// Flash, RAM and clock are those of the data sheets; cycles and code sizes were measured
// (bench/deploy/device_costs.py) or, where no simulator was at hand, taken from the most similar
// core. docs/deployment.md says which.
#include "study/file/devices.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/text.h"
#include "study/options/option.h"
#include "study/options/value.h"

namespace minima::study {
namespace {

constexpr const char* kDevices = R"(
[[device]]
name = "atmega328p"  # Arduino Uno, Nano
core = "avr"
flash_bytes = 32_256  # a boot loader has the last 512 bytes
ram_bytes = 2_048
megahertz = 16

[[device]]
name = "ch32v003"
core = "rv32ec"
flash_bytes = 16_384
ram_bytes = 2_048
megahertz = 48

[[device]]
name = "stm32g030"
core = "cortex-m0+"
flash_bytes = 65_536
ram_bytes = 8_192
megahertz = 64

[[device]]
name = "stm32f103c8"  # "Blue Pill"
core = "cortex-m3"
flash_bytes = 65_536
ram_bytes = 20_480
megahertz = 72

[[device]]
name = "nrf52832"
core = "cortex-m4"
flash_bytes = 524_288
ram_bytes = 65_536
megahertz = 64

[[device]]
name = "rp2040"  # Raspberry Pi Pico
core = "cortex-m0+"
flash_bytes = 2_097_152
ram_bytes = 270_336
megahertz = 133

[[device]]
name = "rp2350"  # Raspberry Pi Pico 2
core = "cortex-m33"
flash_bytes = 4_194_304
ram_bytes = 532_480
megahertz = 150

[[device]]
name = "esp32-c3"
core = "rv32imc"
flash_bytes = 4_194_304
ram_bytes = 409_600
megahertz = 160

[[device]]
name = "stm32l4r5"
core = "cortex-m4"
flash_bytes = 2_097_152
ram_bytes = 655_360
megahertz = 120

[[device]]
name = "stm32h7a3"
core = "cortex-m7"
flash_bytes = 2_097_152
ram_bytes = 1_409_024
megahertz = 280
)";

/// A device as its table in a file says it.
struct DeviceTable {
  Device device;
  std::string core;
  std::optional<double> cycles;
  std::optional<std::int64_t> code_bytes;
};

constexpr WholeRange kMemory{1, std::int64_t{1} << 40};
constexpr WholeRange kCode{0, std::int64_t{1} << 30};
constexpr NumberRange kClock{.min = 0.001, .max = 100'000.0};
constexpr NumberRange kCycles{.min = 0.001, .max = 1'000'000.0};

std::vector<std::string> core_names() {
  std::vector<std::string> names;
  for (const CoreCost& core : known_cores()) names.push_back(core.name);
  return names;
}

const Options<DeviceTable>& device_options() {
  const auto option = [](const char* key, const char* type, const char* fallback, auto read) {
    return Option<DeviceTable>{
        .text = {.key = key, .type = type, .fallback = fallback}, .read = read, .print = nullptr};
  };
  static const Options<DeviceTable> kOptions{
      option("name", "text", "",
             [](DeviceTable& to, const Value& value) {
               to.device.name = read_text("name", value, "a name");
             }),
      option("core", "text", "",
             [](DeviceTable& to, const Value& value) {
               to.core = read_text("core", value, "the name of a core");
               const std::vector<std::string> names = core_names();
               if (std::ranges::find(names, to.core) == names.end()) {
                 throw unknown_choice("core", value, names);
               }
             }),
      option("flash_bytes", "integer", "",
             [](DeviceTable& to, const Value& value) {
               to.device.flash_bytes = read_whole("flash_bytes", value, kMemory);
             }),
      option("ram_bytes", "integer", "",
             [](DeviceTable& to, const Value& value) {
               to.device.ram_bytes = read_whole("ram_bytes", value, kMemory);
             }),
      option("megahertz", "number", "",
             [](DeviceTable& to, const Value& value) {
               to.device.megahertz = read_number("megahertz", value, kClock);
             }),
      option("cycles_per_multiply_add", "number", "that of the core",
             [](DeviceTable& to, const Value& value) {
               to.cycles = read_number("cycles_per_multiply_add", value, kCycles);
             }),
      option("code_bytes", "integer", "that of the core", [](DeviceTable& to, const Value& value) {
        to.code_bytes = read_whole("code_bytes", value, kCode);
      })};
  return kOptions;
}

Device device_of(const Value& table) {
  DeviceTable read;
  read_table(read, table, device_options(), "[[device]]");
  Device device = read.device;
  device.core = *std::ranges::find(known_cores(), read.core, &CoreCost::name);
  if (read.cycles) {
    device.core.cycles_per_dense = *read.cycles;
    device.core.cycles_per_convolution = *read.cycles;
    device.core.cycles_per_unpacking = 0.0;
    device.core.cycles_per_output = 0.0;
  }
  if (read.code_bytes) {
    device.core.code_bytes = *read.code_bytes;
    device.core.code_bytes_per_layer = 0;
  }
  return device;
}

}  // namespace

const std::vector<CoreCost>& known_cores() {
  // Columns as in the struct: dense, convolution, unpacking, output; code, and code per layer.
  static const std::vector<CoreCost> kCores{
      {"avr", 78, 140, 130, 400, 1'400, 400},    {"cortex-m0+", 13, 21, 20, 130, 320, 190},
      {"cortex-m3", 8.2, 14, 16, 100, 220, 200}, {"cortex-m4", 8.2, 14, 16, 100, 220, 200},
      {"cortex-m7", 5, 9, 10, 60, 220, 200},     {"cortex-m33", 7.6, 13, 14, 90, 220, 200},
      {"rv32ec", 52, 60, 18, 600, 500, 230},     {"rv32imc", 12, 18, 17, 110, 400, 230}};
  return kCores;
}

const std::vector<Device>& known_devices() {
  static const std::vector<Device> kKnown = parse_devices(kDevices, "the devices of minima");
  return kKnown;
}

std::vector<Device> parse_devices(const std::string& text, const std::string& file) {
  const Value root = read_toml(text, file);
  std::vector<Device> devices;
  for (const Entry& entry : std::get<Value::Table>(root.data)) {
    if (entry.key != "device") throw unknown_key(entry, "a file of devices", {"device"});
    const auto* list = entry.value.as<Value::List>();
    if (list == nullptr) {
      throw wrong_type("device", entry.value, "tables, [[device]] on a line of its own");
    }
    for (const Value& table : *list) {
      if (table.as<Value::Table>() == nullptr) {
        throw wrong_type("device", table, "tables, [[device]] on a line of its own");
      }
      devices.push_back(device_of(table));
    }
  }
  return devices;
}

Device device_named(const std::vector<Device>& devices, const std::string& name) {
  std::vector<std::string> names;
  for (std::size_t i = devices.size(); i-- > 0;) {
    if (devices[i].name == name) return devices[i];
    names.push_back(devices[i].name);
  }
  std::ranges::reverse(names);
  throw input_error({"--device", ""}, fmt::format("unknown device \"{}\"", printable(name, 60)),
                    suggestion(name, names));
}

}  // namespace minima::study
