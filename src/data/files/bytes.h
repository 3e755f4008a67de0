// Reads the uncompressed and unpacked bytes of files. gzip, xz, bzip2 and tar are recognized by
// content, not by name. A truncated file, or one that does not match its own checksum, is refused.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/limits.h"

namespace minima::data {

/// How to fix a truncated file or one with invalid bytes.
inline constexpr const char* kFetchAgain = "copy or fetch the file again";

/// Bytes in order, read once.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Fills `out` and returns the number of bytes, which is less than requested only at the end.
  /// Throws an input error naming the file if it is truncated or corrupt. Once a call returns fewer
  /// bytes than requested, all checks of the format have passed.
  [[nodiscard]] virtual std::size_t read(std::span<std::uint8_t> out) = 0;
};

/// Opens a plain, gzip, xz or bzip2 file. Throws an input error if it cannot be read, or is named
/// .gz, .xz or .bz2 but has another format.
[[nodiscard]] std::unique_ptr<ByteStream> open_bytes(const std::filesystem::path& path);

/// Returns the number of bytes from here to the end; stops soon after `most` bytes.
std::uint64_t skip_rest(ByteStream& stream, std::uint64_t most = kUnlimitedBytes);

/// Upper bound on the content in bytes, from file size and compression alone; 0: unknown.
[[nodiscard]] std::uint64_t most_content(const std::filesystem::path& path);

/// Reads `count` bytes; fewer only if the stream ends before. Memory grows with the data that
/// arrive, so that a false count in a header takes none. `expected`: bytes to reserve at once.
[[nodiscard]] std::vector<std::uint8_t> read_bytes(ByteStream& stream, std::uint64_t count,
                                                   std::uint64_t expected = 0);

/// The rest as one string. Throws an input error naming `file` above `limit` bytes.
[[nodiscard]] std::string read_rest(ByteStream& stream, const std::filesystem::path& file,
                                    std::size_t limit);

enum class ArchiveFormat { tar, zip };

/// Entries of an archive that are left out.
struct PassedOver {
  std::size_t count = 0;
  std::string first;  ///< name of the first one

  void add(const std::string& name) {
    if (count++ == 0) first = name;
  }
};

/// Streams the regular files of an archive (plain, .gz, .xz or .bz2) in archive order.
class ArchiveReader {
 public:
  /// Throws an input error if the file cannot be read or is not an archive of the format. The
  /// constructor and the functions throw one if the archive has more than `most` bytes once its
  /// compression is undone.
  ArchiveReader(const std::filesystem::path& path, ArchiveFormat format,
                std::uint64_t most = kMaxArchiveBytes);
  ~ArchiveReader();
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;

  /// Moves to the next regular file and returns its path inside the archive. Returns nullopt at the
  /// end, after checking the compressed data to their end.
  [[nodiscard]] std::optional<std::string> next();

  /// The folders so far that the archive lists; next() passes over them.
  [[nodiscard]] const std::vector<std::string>& folders() const;

  /// The links, devices and pipes so far, which next() passes over.
  [[nodiscard]] const PassedOver& passed_over() const;

  /// Content of the current file.
  [[nodiscard]] ByteStream& content();

 private:
  class Content;
  std::unique_ptr<Content> content_;
};

}  // namespace minima::data
