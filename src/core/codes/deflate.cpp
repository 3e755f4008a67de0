#include "core/codes/deflate.h"

#include <zlib.h>

#include <new>

namespace minima {
namespace {

// Deflate encodes at most 258 bytes in two bits, so the expansion ratio is at most this.
constexpr std::size_t kLargestRatio = 1032;

}  // namespace

std::vector<std::uint8_t> deflated(std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return {};
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::vector<std::uint8_t> compressed(size);
  const int code = compress2(compressed.data(), &size, bytes.data(),
                             static_cast<uLong>(bytes.size()), Z_DEFAULT_COMPRESSION);
  if (code != Z_OK) throw std::bad_alloc();  // the only possible failure
  compressed.resize(size);
  return compressed;
}

std::optional<std::vector<std::uint8_t>> inflated(std::span<const std::uint8_t> compressed,
                                                  std::size_t size) {
  if (size / kLargestRatio > compressed.size()) return std::nullopt;
  if (compressed.empty() || size == 0) {
    if (compressed.size() == size) return std::vector<std::uint8_t>();
    return std::nullopt;
  }
  std::vector<std::uint8_t> bytes(size);
  auto written = static_cast<uLongf>(size);
  auto read = static_cast<uLong>(compressed.size());
  const int code = uncompress2(bytes.data(), &written, compressed.data(), &read);
  if (code == Z_MEM_ERROR) throw std::bad_alloc();
  if (code != Z_OK || written != size || read != compressed.size()) return std::nullopt;
  return bytes;
}

}  // namespace minima
