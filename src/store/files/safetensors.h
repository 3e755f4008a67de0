// The safetensors format: 8 bytes of little-endian header length, a JSON header, then the values.
// The header gives the dtype, shape and offsets of every tensor, and free text under
// "__metadata__".
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "network/graph.h"
#include "store/files/posix_file.h"

namespace minima::store {

using Metadata = std::map<std::string, std::string>;

struct TensorEntry {
  std::string name;
  std::string dtype;  ///< "F32", "F16", "I8", ...
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;  ///< bytes from the start of the values
  std::uint64_t end = 0;
};

struct SafetensorsHeader {
  std::vector<TensorEntry> tensors;  ///< in the order of their values
  Metadata metadata;
  std::uint64_t data_start = 0;  ///< byte offset of the values in the file
};

/// Reads and checks a header. Lengths, dtypes, shapes and offsets must agree with each other and
/// with the file size, and the values must have neither gaps nor overlaps. Throws an input error.
[[nodiscard]] SafetensorsHeader read_safetensors_header(const PosixFile& file);

/// Returns what precedes the values of these F32 tensors, which are stored one after another:
/// length and JSON, padded so that the values start at a multiple of 8 bytes.
[[nodiscard]] std::string safetensors_header(std::span<const network::TensorSpec> tensors,
                                             const Metadata& metadata);

}  // namespace minima::store
