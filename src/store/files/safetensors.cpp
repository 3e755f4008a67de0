#include "store/files/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>

#include "core/aligned.h"
#include "core/error.h"

namespace minima::store {
namespace {

static_assert(std::endian::native == std::endian::little,
              "tensor values are stored little-endian, as they lie in memory");

using Json = nlohmann::json;

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeader = 100'000'000;  // limit of the format
constexpr std::uint64_t kAlignmentOfValues = 8;

struct Dtype {
  const char* name;
  std::uint64_t bytes;
};
constexpr std::array kDtypes{Dtype{"BOOL", 1}, Dtype{"U8", 1},  Dtype{"I8", 1},   Dtype{"I16", 2},
                             Dtype{"U16", 2},  Dtype{"F16", 2}, Dtype{"BF16", 2}, Dtype{"I32", 4},
                             Dtype{"U32", 4},  Dtype{"F32", 4}, Dtype{"F64", 8},  Dtype{"I64", 8},
                             Dtype{"U64", 8}};

[[noreturn]] void refuse(const PosixFile& file, const std::string& where,
                         const std::string& problem) {
  throw input_error({file.path().string(), where}, problem,
                    "it is damaged or not a safetensors file; restore it from a copy");
}

std::string in_header(const std::string& tensor) {
  return "tensor \"" + printable(tensor, 80) + "\"";
}

std::uint64_t header_length(const PosixFile& file, std::uint64_t file_size) {
  if (file_size < kLengthBytes) refuse(file, "byte 0", "is too short for a header");
  std::uint64_t length = 0;
  file.read_at(std::as_writable_bytes(std::span(&length, 1)), 0);
  if (length > kMaxHeader || length > file_size - kLengthBytes) {
    refuse(file, "byte 0", fmt::format("a header of {} bytes does not fit", length));
  }
  return length;
}

Json header_json(const PosixFile& file, std::uint64_t length) {
  std::string text(length, '\0');
  file.read_at(std::as_writable_bytes(std::span(text)), kLengthBytes);
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) refuse(file, "header", "is not a JSON object");
  return json;
}

/// Returns nullopt unless the entry is an array of non-negative integers that fit.
std::optional<std::vector<std::int64_t>> integers(const Json& entry, const char* key) {
  const auto found = entry.find(key);
  if (found == entry.end() || !found->is_array()) return std::nullopt;
  std::vector<std::int64_t> values;
  for (const Json& item : *found) {
    if (!item.is_number_unsigned()) return std::nullopt;
    const auto value = item.get<std::uint64_t>();
    if (value > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
    values.push_back(static_cast<std::int64_t>(value));
  }
  return values;
}

/// Bytes of the values; nullopt if the dtype is unknown or the product overflows.
std::optional<std::uint64_t> bytes_of(const TensorEntry& tensor) {
  const auto dtype = std::find_if(kDtypes.begin(), kDtypes.end(),
                                  [&](const Dtype& d) { return tensor.dtype == d.name; });
  if (dtype == kDtypes.end()) return std::nullopt;
  std::uint64_t bytes = dtype->bytes;
  for (const std::int64_t extent : tensor.shape) {
    if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(extent), &bytes)) {
      return std::nullopt;
    }
  }
  return bytes;
}

TensorEntry tensor_entry(const PosixFile& file, const std::string& name, const Json& entry) {
  if (!entry.is_object()) refuse(file, in_header(name), "is not a JSON object");
  TensorEntry tensor{.name = name};
  const auto dtype = entry.find("dtype");
  if (dtype == entry.end() || !dtype->is_string()) refuse(file, in_header(name), "has no dtype");
  tensor.dtype = dtype->get<std::string>();
  const auto shape = integers(entry, "shape");
  if (!shape) refuse(file, in_header(name), "has no valid shape");
  tensor.shape = *shape;
  const auto offsets = integers(entry, "data_offsets");
  if (!offsets || offsets->size() != 2 || (*offsets)[0] > (*offsets)[1]) {
    refuse(file, in_header(name), "has no valid data_offsets");
  }
  tensor.begin = static_cast<std::uint64_t>((*offsets)[0]);
  tensor.end = static_cast<std::uint64_t>((*offsets)[1]);
  if (bytes_of(tensor) != tensor.end - tensor.begin) {
    refuse(file, in_header(name), "dtype, shape and data_offsets do not agree");
  }
  return tensor;
}

Metadata metadata_of(const PosixFile& file, const Json& json) {
  Metadata metadata;
  if (!json.is_object()) refuse(file, "__metadata__", "is not a JSON object");
  for (const auto& [key, value] : json.items()) {
    if (!value.is_string()) refuse(file, "__metadata__", "holds values other than text");
    metadata[key] = value.get<std::string>();
  }
  return metadata;
}

void check_places(const PosixFile& file, SafetensorsHeader& header, std::uint64_t data_bytes) {
  std::sort(header.tensors.begin(), header.tensors.end(),
            [](const TensorEntry& a, const TensorEntry& b) {
              return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
            });
  std::uint64_t expected = 0;
  for (const TensorEntry& tensor : header.tensors) {
    if (tensor.begin != expected) {
      refuse(file, in_header(tensor.name), "leaves a gap before its values or overlaps others");
    }
    expected = tensor.end;
  }
  if (expected != data_bytes) {
    refuse(file, "header",
           fmt::format("speaks of {} bytes of values, the file holds {}", expected, data_bytes));
  }
}

}  // namespace

SafetensorsHeader read_safetensors_header(const PosixFile& file) {
  const std::uint64_t size = file.size();
  const std::uint64_t length = header_length(file, size);
  const Json json = header_json(file, length);
  SafetensorsHeader header;
  header.data_start = kLengthBytes + length;
  for (const auto& [name, entry] : json.items()) {
    if (name == "__metadata__") {
      header.metadata = metadata_of(file, entry);
    } else {
      header.tensors.push_back(tensor_entry(file, name, entry));
    }
  }
  check_places(file, header, size - header.data_start);
  return header;
}

std::string safetensors_header(std::span<const network::TensorSpec> tensors,
                               const Metadata& metadata) {
  // Written as text because a JSON tree of a few hundred thousand tensors takes hundreds of
  // megabytes.
  const auto quoted = [](const std::string& text) {
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  std::string text = "{";
  if (!metadata.empty()) {
    text += "\"__metadata__\":";
    text += Json(metadata).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  std::uint64_t at = 0;
  for (const network::TensorSpec& tensor : tensors) {
    const std::uint64_t end = at + sizeof(float) * static_cast<std::uint64_t>(tensor.count());
    if (text.size() > 1) text += ',';
    text += fmt::format(R"({}:{{"dtype":"F32","shape":[{}],"data_offsets":[{},{}]}})",
                        quoted(tensor.name), fmt::join(tensor.shape, ","), at, end);
    at = end;
  }
  text += '}';
  text.resize(round_up(kLengthBytes + text.size(), kAlignmentOfValues) - kLengthBytes, ' ');
  const std::uint64_t length = text.size();
  std::string bytes(kLengthBytes, '\0');
  std::memcpy(bytes.data(), &length, kLengthBytes);
  return bytes + text;
}

}  // namespace minima::store
