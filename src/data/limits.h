// Limits on untrusted data. They are wide enough for any real data set, and narrow enough to refuse
// a damaged or hostile file before it takes memory or time. docs/limits.md lists them for users.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>

namespace minima::data {

inline constexpr std::uint64_t kUnlimitedBytes = std::numeric_limits<std::uint64_t>::max();

inline constexpr std::int64_t kMaxImages = 10'000'000;  ///< per split

// Image files.
inline constexpr std::size_t kMaxImageFileBytes = 256'000'000;
inline constexpr std::int64_t kMaxPixels = std::int64_t{64} << 20;  ///< per image file
/// A progressive JPEG can scan all its pixels any number of times; encoders write about ten scans.
inline constexpr int kMaxJpegScans = 100;

// Tables of pixels: a line is an image.
inline constexpr std::size_t kMaxCsvLineBytes = 64'000'000;
inline constexpr std::uint64_t kCsvBytesOfPixel = 4;  ///< at most, "255,"

// IDX and CIFAR-10.
inline constexpr std::uint32_t kMaxIdxSide = 4096;        ///< pixels
inline constexpr std::size_t kMaxCifarRecords = 100'000;  ///< per batch; the real ones have 10,000
inline constexpr std::size_t kMaxClassNamesBytes = 1 << 16;
/// Unpacked size of a CIFAR-10 archive: ten times the real one.
inline constexpr std::uint64_t kMaxArchiveBytes = 2'000'000'000;
/// Limit on reading past the announced content to report the number of surplus bytes.
inline constexpr std::uint64_t kMaxSurplusBytes = std::uint64_t{1} << 20;

/// The memory budget of a data set, consumed while it is read.
class DataMemory {
 public:
  explicit DataMemory(std::uint64_t bytes = kUnlimitedBytes) : bytes_(bytes), left_(bytes) {}

  /// Takes `bytes` from the budget. Throws an input error that names `file` if fewer are left.
  void take(std::uint64_t bytes, const std::filesystem::path& file);
  [[nodiscard]] std::uint64_t left() const { return left_; }

 private:
  std::uint64_t bytes_;
  std::uint64_t left_;
};

}  // namespace minima::data
