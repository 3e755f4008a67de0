// Lossless compression of bytes (zlib format, RFC 1950).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace minima {

/// `bytes`, compressed. No bytes become no bytes.
[[nodiscard]] std::vector<std::uint8_t> deflated(std::span<const std::uint8_t> bytes);

/// The `size` bytes that `compressed` holds. Nothing if it is damaged, or holds more or fewer
/// bytes. Allocates no more than `compressed` can hold, so it is safe for untrusted input.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> inflated(
    std::span<const std::uint8_t> compressed, std::size_t size);

}  // namespace minima
