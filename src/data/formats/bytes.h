// Bytes of files as they were before somebody compressed or packed them. gzip, xz and tar are told
// by content, not by name, and a file that ends early or does not match its own checksum is
// refused.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "data/formats/limits.h"

namespace minima::data {

/// How to fix a file that ends too early or has invalid bytes.
inline constexpr const char* kFetchAgain = "copy or fetch the file again";

/// Bytes in order, read once.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Fills `out` as far as the content goes and returns the number of bytes: fewer than asked for
  /// only at the end. Throws an input error naming the file when it is truncated or corrupt; all
  /// its own checks have passed once a call has returned fewer bytes than asked for.
  [[nodiscard]] virtual std::size_t read(std::span<std::uint8_t> out) = 0;
};

/// Opens a plain, gzip or xz compressed file. Throws an input error when it cannot be read, or is
/// named .gz or .xz and is not.
[[nodiscard]] std::unique_ptr<ByteStream> open_bytes(const std::filesystem::path& path);

/// Number of bytes from here to the end, of which it reads hardly more than `most`.
std::uint64_t skip_rest(ByteStream& stream, std::uint64_t most = kUnlimitedBytes);

/// The most bytes of content that the file can hold, by its size and compression alone; 0 where
/// that is not known.
[[nodiscard]] std::uint64_t most_content(const std::filesystem::path& path);

/// The rest as one string; refused above `limit` bytes, naming `file`.
[[nodiscard]] std::string read_rest(ByteStream& stream, const std::filesystem::path& file,
                                    std::size_t limit);

/// The regular files of a tar archive (plain, .gz or .xz) in the archive's order, streamed.
class TarReader {
 public:
  /// Throws an input error when the file cannot be read or is no tar archive, and, as do the
  /// functions, when it unpacks to more than `most` bytes.
  explicit TarReader(const std::filesystem::path& path, std::uint64_t most = kMaxArchiveBytes);
  ~TarReader();
  TarReader(const TarReader&) = delete;
  TarReader& operator=(const TarReader&) = delete;

  /// Moves to the next regular file and returns its path inside the archive; nothing at the end,
  /// when the compressed data have been checked to their end as well.
  [[nodiscard]] std::optional<std::string> next();

  /// Content of the current file.
  [[nodiscard]] ByteStream& content();

 private:
  class Content;
  std::unique_ptr<Content> content_;
};

}  // namespace minima::data
