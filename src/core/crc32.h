// CRC-32 as zlib, gzip and PNG compute it: finds damage, not forgery.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace minima {

/// Of `bytes` after those that gave `before`; 0 of no bytes.
[[nodiscard]] std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before = 0);

}  // namespace minima
