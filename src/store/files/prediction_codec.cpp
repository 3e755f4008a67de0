#include "store/files/prediction_codec.h"

#include <algorithm>
#include <utility>

#include "core/codes/deflate.h"

namespace minima::store {
namespace {

using Codes = std::vector<std::uint16_t>;

// `codes`: the number of different values.
std::size_t bytes_per_code(int codes) {
  return codes <= 256 ? 1 : 2;
}

std::vector<std::uint8_t> encode(Classes values, int codes) {
  if (bytes_per_code(codes) == 1) {
    std::vector<std::uint8_t> bytes(values.size());
    std::ranges::transform(values, bytes.begin(),
                           [](std::uint16_t value) { return static_cast<std::uint8_t>(value); });
    return deflated(bytes);
  }
  std::vector<std::uint8_t> bytes;
  bytes.reserve(2 * values.size());
  for (const std::uint16_t value : values) {
    bytes.push_back(static_cast<std::uint8_t>(value & 0xff));
    bytes.push_back(static_cast<std::uint8_t>(value >> 8));
  }
  return deflated(bytes);
}

std::optional<Codes> decode(Bytes bytes, std::size_t count, int codes) {
  const std::size_t width = bytes_per_code(codes);
  const auto plain = inflated(bytes, count * width);
  if (!plain) return std::nullopt;
  Codes values(count);
  for (std::size_t i = 0; i < count; ++i) {
    unsigned value = (*plain)[i * width];
    if (width == 2) value += 256U * (*plain)[i * 2 + 1];
    if (value >= static_cast<unsigned>(codes)) return std::nullopt;
    values[i] = static_cast<std::uint16_t>(value);
  }
  return values;
}

std::uint8_t base_of(Bytes base, std::size_t image) {
  return base.empty() ? std::uint8_t{1} : base[image];
}

}  // namespace

std::vector<std::uint8_t> encode_labels(Classes labels, int classes) {
  return encode(labels, classes);
}

std::optional<std::vector<std::uint16_t>> decode_labels(Bytes bytes, std::size_t count,
                                                        int classes) {
  return decode(bytes, count, classes);
}

std::vector<std::uint8_t> encode_predictions(Classes predicted, Classes labels, int classes) {
  Codes codes(predicted.size());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const bool right = predicted[i] == labels[i];
    codes[i] = right ? std::uint16_t{0} : static_cast<std::uint16_t>(predicted[i] + 1);
  }
  return encode(codes, classes + 1);
}

std::optional<std::vector<std::uint16_t>> decode_predictions(Bytes bytes, Classes labels,
                                                             int classes) {
  auto codes = decode(bytes, labels.size(), classes + 1);
  if (!codes) return std::nullopt;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    std::uint16_t& code = (*codes)[i];
    code = code == 0 ? labels[i] : static_cast<std::uint16_t>(code - 1);
  }
  return codes;
}

std::optional<std::vector<std::uint8_t>> decode_right(Bytes bytes, std::size_t count, int classes) {
  const auto codes = decode(bytes, count, classes + 1);
  if (!codes) return std::nullopt;
  std::vector<std::uint8_t> right(count);
  std::ranges::transform(*codes, right.begin(), [](std::uint16_t code) {
    return static_cast<std::uint8_t>(code == 0 ? 1 : 0);
  });
  return right;
}

std::vector<std::uint8_t> encode_outcomes(Bytes right, Bytes base) {
  std::vector<std::uint8_t> bits((right.size() + 7) / 8);
  for (std::size_t i = 0; i < right.size(); ++i) {
    if (right[i] == base_of(base, i)) continue;
    bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | (1U << (i % 8)));
  }
  return deflated(bits);
}

std::optional<std::vector<std::uint8_t>> decode_outcomes(Bytes bytes, std::size_t count,
                                                         Bytes base) {
  const auto bits = inflated(bytes, count / 8 + (count % 8 != 0 ? 1 : 0));
  if (!bits) return std::nullopt;
  std::vector<std::uint8_t> right(count);
  for (std::size_t i = 0; i < count; ++i) {
    right[i] = static_cast<std::uint8_t>(base_of(base, i) ^ (((*bits)[i / 8] >> (i % 8)) & 1U));
  }
  return right;
}

}  // namespace minima::store
