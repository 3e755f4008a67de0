// CRC-32 as in zlib, gzip and PNG. It detects damage, not forgery.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace minima {

/// The CRC-32 of `bytes`, continued from `before`, the CRC-32 of the preceding bytes. 0 for no
/// bytes.
[[nodiscard]] std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before = 0);

}  // namespace minima
