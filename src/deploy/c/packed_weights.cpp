#include "deploy/c/packed_weights.h"

#include <algorithm>
#include <stdexcept>

namespace minima::deploy {
namespace {

using compress::IntegerLayer;
using Layout = PackedWeights::Layout;

class BitStream {
 public:
  void put(std::uint32_t value, int bits) {
    pending_ |= static_cast<std::uint64_t>(value) << held_;
    for (held_ += bits; held_ >= 8; held_ -= 8) flush();
  }
  [[nodiscard]] std::vector<std::uint8_t> end() {
    if (held_ > 0) flush();
    return std::move(bytes_);
  }

 private:
  void flush() {
    bytes_.push_back(static_cast<std::uint8_t>(pending_ & 0xFFU));
    pending_ >>= 8;
  }
  std::vector<std::uint8_t> bytes_;
  std::uint64_t pending_ = 0;
  int held_ = 0;
};

bool has_zeros(const IntegerLayer& layer) {
  return std::ranges::find(layer.weights, 0) != layer.weights.end();
}

PackedWeights described(const IntegerLayer& layer, compress::NumberFormat format, bool affine) {
  const study::FormatInfo& about = study::info(format);
  PackedWeights packed{.bits = about.bits};
  if (!about.has_zero()) {
    packed.step = 2;
    packed.offsets = {1};
  } else if (affine) {
    packed.offsets = layer.weight_zero_points;
    const bool alike = std::ranges::all_of(
        packed.offsets, [&](std::int32_t each) { return each == packed.offsets.front(); });
    if (alike) packed.offsets.resize(1);
  } else {
    packed.offsets = {(1 << (about.bits - 1)) - 1};
  }
  return packed;
}

void add_columns(const IntegerLayer& layer, PackedWeights& packed) {
  const std::size_t each = std::max<std::size_t>(layer.weights_per_output(), 1);
  packed.column_bytes = each <= 256 ? 1 : each <= 65536 ? 2 : 4;
  for (std::size_t i = 0; i < layer.weights.size(); ++i) {
    if (i % each == 0) packed.starts.push_back(static_cast<std::uint32_t>(packed.columns.size()));
    if (layer.weights[i] != 0) packed.columns.push_back(static_cast<std::uint32_t>(i % each));
  }
  packed.starts.push_back(static_cast<std::uint32_t>(packed.columns.size()));
  packed.start_bytes = packed.columns.size() < 65536 ? 2 : 4;
}

}  // namespace

PackedWeights packed_as(Layout layout, const IntegerLayer& layer, compress::NumberFormat format,
                        bool affine) {
  PackedWeights packed = described(layer, format, affine);
  packed.layout = layout;
  if (layout == Layout::dense && packed.step == 2 && has_zeros(layer)) {
    throw std::invalid_argument("binary weights have no zero");
  }
  BitStream values;
  BitStream mask;
  const std::size_t each = std::max<std::size_t>(layer.weights_per_output(), 1);
  for (std::size_t i = 0; i < layer.weights.size(); ++i) {
    const std::int32_t weight = layer.weights[i];
    mask.put(weight != 0 ? 1 : 0, 1);
    if (layout != Layout::dense && weight == 0) continue;
    const std::int32_t offset = packed.offsets[packed.offsets.size() == 1 ? 0 : i / each];
    values.put(static_cast<std::uint32_t>((weight + offset) / packed.step), packed.bits);
  }
  packed.values = values.end();
  if (layout == Layout::bitmask) packed.mask = mask.end();
  if (layout == Layout::index) add_columns(layer, packed);
  return packed;
}

PackedWeights packed_weights(const IntegerLayer& layer, compress::NumberFormat format,
                             bool affine) {
  const bool can_be_dense = study::info(format).has_zero() || !has_zeros(layer);
  PackedWeights best =
      packed_as(can_be_dense ? Layout::dense : Layout::bitmask, layer, format, affine);
  for (const Layout layout : {Layout::bitmask, Layout::index}) {
    PackedWeights other = packed_as(layout, layer, format, affine);
    if (other.bytes() < best.bytes()) best = std::move(other);
  }
  return best;
}

}  // namespace minima::deploy
