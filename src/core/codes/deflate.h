// Lossless compression of bytes (zlib format, RFC 1950).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace minima {

/// Compresses `bytes`. Empty input gives empty output.
[[nodiscard]] std::vector<std::uint8_t> deflated(std::span<const std::uint8_t> bytes);

/// Decompresses `compressed` to `size` bytes. Returns nothing if the data are damaged or have
/// another size. Never allocates more than `compressed` can hold, so it is safe for untrusted
/// input.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> inflated(
    std::span<const std::uint8_t> compressed, std::size_t size);

}  // namespace minima
