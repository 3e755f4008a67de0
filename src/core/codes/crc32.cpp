#include "core/codes/crc32.h"

#include <zlib.h>

namespace minima {

std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before) {
  // zlib would return the initial value for a null pointer.
  if (bytes.empty()) return before;
  return static_cast<std::uint32_t>(
      ::crc32_z(before, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

}  // namespace minima
