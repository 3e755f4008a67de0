// Bounds on data from elsewhere: wide enough for any real data set, narrow enough that a damaged or
// hostile file is refused before it takes memory or time. docs/limits.md lists them for users.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>

namespace minima::data {

inline constexpr std::uint64_t kUnlimitedBytes = std::numeric_limits<std::uint64_t>::max();

inline constexpr std::int64_t kMaxImages = 10'000'000;  ///< of a split

// Image files.
inline constexpr std::size_t kMaxImageFileBytes = 256'000'000;
inline constexpr std::int64_t kMaxPixels = std::int64_t{64} << 20;  ///< of an image file
/// A progressive JPEG repeats over all its pixels as often as it likes; encoders write about ten.
inline constexpr int kMaxJpegScans = 100;

// IDX and CIFAR-10.
inline constexpr std::uint32_t kMaxIdxSide = 4096;        ///< pixels
inline constexpr std::size_t kMaxCifarRecords = 100'000;  ///< of a batch; the real ones have 10,000
inline constexpr std::size_t kMaxClassNamesBytes = 1 << 16;
/// Of a CIFAR-10 archive, unpacked: ten times the real one.
inline constexpr std::uint64_t kMaxArchiveBytes = 2'000'000'000;
/// After the content that a header announces, read only to say that there is more.
inline constexpr std::uint64_t kMaxSurplusBytes = std::uint64_t{1} << 20;

/// Memory that a data set may take, used up while it is read.
class DataMemory {
 public:
  explicit DataMemory(std::uint64_t bytes = kUnlimitedBytes) : bytes_(bytes), left_(bytes) {}

  /// Throws an input error that names `file` when there is no room for so many bytes more.
  void take(std::uint64_t bytes, const std::filesystem::path& file);
  [[nodiscard]] std::uint64_t left() const { return left_; }

 private:
  std::uint64_t bytes_;
  std::uint64_t left_;
};

}  // namespace minima::data
