// Microcontrollers: what minima knows of them, and what a file of the user adds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace minima::study {

/// The cost of exported C on a processor core, as docs/deployment.md measures it.
struct CoreCost {
  std::string name;
  double cycles_per_dense = 0.0;        ///< per multiply-add of a dense layer, weights of 8 bits
  double cycles_per_convolution = 0.0;  ///< per multiply-add of a convolution, weights of 8 bits
  double cycles_per_unpacking = 0.0;    ///< more per multiply-add with other numbers of bits
  double cycles_per_output = 0.0;       ///< per value that a layer writes
  std::int64_t code_bytes = 0;          ///< of a network of any kind, with the compiler's helpers
  std::int64_t code_bytes_per_layer = 0;
};

struct Device {
  std::string name;
  CoreCost core;
  std::int64_t flash_bytes = 0;
  std::int64_t ram_bytes = 0;
  double megahertz = 0.0;
};

/// The cores that minima knows, in the order of its manual.
[[nodiscard]] const std::vector<CoreCost>& known_cores();

/// The devices that minima knows.
[[nodiscard]] const std::vector<Device>& known_devices();

/// Reads [[device]] tables with the keys name, core, flash_bytes, ram_bytes, megahertz and
/// optionally cycles_per_multiply_add and code_bytes, which replace those of the core. `file` is
/// used in messages. Input errors: invalid TOML, unknown or missing keys, values out of range.
[[nodiscard]] std::vector<Device> parse_devices(const std::string& text, const std::string& file);

/// The device of this name; later ones replace earlier ones. Input error with a suggestion:
/// unknown.
[[nodiscard]] Device device_named(const std::vector<Device>& devices, const std::string& name);

}  // namespace minima::study
