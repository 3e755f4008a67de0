#include "data/files/bytes.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <cstring>
#include <fstream>
#include <set>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/text.h"
#include "data/files/zip_links.h"

namespace minima::data {

struct FreeArchive {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Archive = std::unique_ptr<archive, FreeArchive>;

namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 18;
constexpr std::size_t kTarBlock = 512;

enum class Compression { none, gzip, xz, bzip2 };

Error unreadable(const std::filesystem::path& path, int reason) {
  return input_error({path.string(), ""}, fmt::format("cannot be read: {}", std::strerror(reason)),
                     "check the path and its permissions");
}

/// `inside`: path inside an archive; empty for other files.
Error damaged(const std::filesystem::path& path, const char* format, std::uint64_t position,
              std::string_view detail, const std::string& inside = "") {
  const std::string where = inside.empty() ? "" : printable(inside, 60) + ", ";
  return input_error({path.string(), fmt::format("{}after {} bytes of content", where, position)},
                     fmt::format("the {} data are truncated or corrupt ({})", format,
                                 printable(std::string(detail))),
                     kFetchAgain);
}

Compression compression_of(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    throw input_error({path.string(), ""}, "is a folder, expected a file", "name the file");
  }
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw unreadable(path, errno);
  std::array<char, 6> start{};
  in.read(start.data(), start.size());
  const std::string_view magic(start.data(), static_cast<std::size_t>(in.gcount()));
  if (magic.starts_with("\x1f\x8b")) return Compression::gzip;
  if (magic == std::string_view("\xfd"
                                "7zXZ\0",
                                6))
    return Compression::xz;
  if (magic.starts_with("BZh")) return Compression::bzip2;
  return Compression::none;
}

void check_name(const std::filesystem::path& path, Compression compression) {
  struct Ending {
    const char* text;
    Compression compression;
    const char* name;
  };
  constexpr std::array kEndings{Ending{".gz", Compression::gzip, "gzip"},
                                Ending{".xz", Compression::xz, "xz"},
                                Ending{".bz2", Compression::bzip2, "bzip2"}};
  const std::string extension = path.extension().string();
  for (const Ending& ending : kEndings) {
    if (extension != ending.text || compression == ending.compression) continue;
    throw input_error({path.string(), "byte 0"},
                      fmt::format("is not {} data, despite its name", ending.name),
                      fmt::format("{}, or remove {} from its name if it is not compressed",
                                  kFetchAgain, extension));
  }
}

/// Reads plain and gzip files with zlib, which checks length and checksum (libarchive does not).
class ZlibFile final : public ByteStream {
 public:
  explicit ZlibFile(const std::filesystem::path& path) : path_(path) {
    errno = 0;
    file_.reset(gzopen(path.c_str(), "rb"));
    if (!file_) throw unreadable(path, errno);
    gzbuffer(file_.get(), kBuffer);
  }

  std::size_t read(std::span<std::uint8_t> out) override {
    std::size_t filled = 0;
    while (filled < out.size()) {
      const std::size_t piece = std::min<std::size_t>(out.size() - filled, std::size_t{1} << 30);
      const int got = gzread(file_.get(), out.data() + filled, static_cast<unsigned>(piece));
      if (got <= 0) break;
      filled += static_cast<std::size_t>(got);
    }
    position_ += filled;
    if (filled < out.size()) check_end();
    return filled;
  }

 private:
  void check_end() const {
    int code = Z_OK;
    std::string_view detail = gzerror(file_.get(), &code);
    if (code == Z_ERRNO) throw unreadable(path_, errno);
    if (code == Z_OK || code == Z_STREAM_END) return;
    const std::string prefix = path_.string() + ": ";  // zlib already names the file
    if (detail.starts_with(prefix)) detail.remove_prefix(prefix.size());
    throw damaged(path_, "gzip", position_, detail);
  }

  struct Close {
    void operator()(gzFile file) const { gzclose(file); }
  };
  std::filesystem::path path_;
  std::unique_ptr<gzFile_s, Close> file_;
  std::uint64_t position_ = 0;
};

std::string_view reason_of(archive* reader) {
  const char* reason = archive_error_string(reader);
  return reason == nullptr ? "no details" : reason;
}

/// Reads xz and bzip2 files with libarchive.
class FilteredFile final : public ByteStream {
 public:
  FilteredFile(const std::filesystem::path& path, const char* format)
      : path_(path), format_(format), archive_(archive_read_new()) {
    archive_read_support_filter_xz(archive_.get());
    archive_read_support_filter_bzip2(archive_.get());
    archive_read_support_format_raw(archive_.get());
    archive_read_support_format_empty(archive_.get());
    archive_entry* entry = nullptr;
    if (archive_read_open_filename(archive_.get(), path.c_str(), kBuffer) != ARCHIVE_OK) fail();
    const int code = archive_read_next_header(archive_.get(), &entry);
    if (code < ARCHIVE_WARN) fail();
    at_end_ = code == ARCHIVE_EOF;
  }

  std::size_t read(std::span<std::uint8_t> out) override {
    std::size_t filled = 0;
    while (filled < out.size() && !at_end_) {
      const la_ssize_t got =
          archive_read_data(archive_.get(), out.data() + filled, out.size() - filled);
      if (got < 0) fail();
      at_end_ = got == 0;
      filled += static_cast<std::size_t>(got);
      position_ += static_cast<std::uint64_t>(got);
    }
    return filled;
  }

 private:
  [[noreturn]] void fail() const {
    throw damaged(path_, format_, position_, reason_of(archive_.get()));
  }

  std::filesystem::path path_;
  const char* format_;
  Archive archive_;
  std::uint64_t position_ = 0;
  bool at_end_ = false;
};

/// The locale of this thread while the object lives; null changes nothing.
class InLocale {
 public:
  explicit InLocale(locale_t locale)
      : before_(locale == nullptr ? locale_t{} : uselocale(locale)) {}
  ~InLocale() {
    if (before_ != nullptr) uselocale(before_);
  }
  InLocale(const InLocale&) = delete;
  InLocale& operator=(const InLocale&) = delete;

 private:
  locale_t before_;
};

}  // namespace

std::unique_ptr<ByteStream> open_bytes(const std::filesystem::path& path) {
  const Compression compression = compression_of(path);
  check_name(path, compression);
  if (compression == Compression::xz) return std::make_unique<FilteredFile>(path, "xz");
  if (compression == Compression::bzip2) return std::make_unique<FilteredFile>(path, "bzip2");
  return std::make_unique<ZlibFile>(path);
}

std::uint64_t skip_rest(ByteStream& stream, std::uint64_t most) {
  std::vector<std::uint8_t> buffer(kBuffer);
  std::uint64_t skipped = 0;
  for (;;) {
    const std::size_t got = stream.read(buffer);
    skipped += got;
    if (got < buffer.size() || skipped > most) return skipped;
  }
}

std::vector<std::uint8_t> read_bytes(ByteStream& stream, std::uint64_t count,
                                     std::uint64_t expected) {
  constexpr std::uint64_t kPiece = std::uint64_t{1} << 20;
  std::vector<std::uint8_t> content;
  content.reserve(std::min(count, expected));
  std::vector<std::uint8_t> piece(std::min(count, kPiece));
  while (content.size() < count) {
    const std::uint64_t wanted = std::min<std::uint64_t>(piece.size(), count - content.size());
    const std::size_t got = stream.read(std::span(piece).first(wanted));
    content.insert(content.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(got));
    if (got < wanted) break;
  }
  return content;
}

std::uint64_t most_content(const std::filesystem::path& path) {
  constexpr std::uint64_t kDeflateRatio = 1032;  // maximum ratio of deflate
  std::error_code error;
  const std::uint64_t bytes = std::filesystem::file_size(path, error);
  if (error) return 0;
  switch (compression_of(path)) {
    case Compression::none:
      return bytes;
    case Compression::gzip:
      return bytes * kDeflateRatio;
    case Compression::xz:
    case Compression::bzip2:
      break;
  }
  return 0;
}

std::string read_rest(ByteStream& stream, const std::filesystem::path& file, std::size_t limit) {
  std::string content(limit + 1, '\0');
  const std::size_t got =
      stream.read({reinterpret_cast<std::uint8_t*>(content.data()), content.size()});
  if (got > limit) {
    throw input_error({file.string(), ""}, fmt::format("is larger than {} bytes", limit),
                      kFetchAgain);
  }
  content.resize(got);
  return content;
}

/// libarchive parses the format. The bytes come from a ByteStream, so that compressed archives
/// get the same checks as compressed files.
class ArchiveReader::Content final : public ByteStream {
 public:
  Content(const std::filesystem::path& path, ArchiveFormat format, std::uint64_t most)
      : path_(path),
        format_(format),
        packed_(open_bytes(path)),
        most_(most),
        buffer_(kBuffer),
        archive_(archive_read_new()) {
    if (format == ArchiveFormat::tar) {
      archive_read_support_format_tar(archive_.get());
      // Otherwise whatever follows the first of several archives in a file is lost silently.
      archive_read_set_format_option(archive_.get(), "tar", "read_concatenated_archives", "1");
    } else {
      archive_read_support_format_zip_streamable(archive_.get());
      const InLocale in_utf8(utf8_.get());
      zip_links_ = links_of_zip(path);
    }
    if (archive_read_open(archive_.get(), this, nullptr, &Content::refill, nullptr) != ARCHIVE_OK) {
      fail();
    }
  }

  std::optional<std::string> next() {
    const InLocale in_utf8(utf8_.get());
    for (;;) {
      archive_entry* entry = nullptr;
      const int code = archive_read_next_header(archive_.get(), &entry);
      if (code == ARCHIVE_EOF) {
        format_ == ArchiveFormat::tar ? check_end_of_tar() : check_end_of_zip();
        position_ += skip_rest(*packed_, most_ - position_);
        check_size();
        return std::nullopt;
      }
      if (code < ARCHIVE_WARN) fail();
      const char* name = archive_entry_pathname(entry);
      if (name == nullptr) {
        throw damaged(path_, format_ == ArchiveFormat::tar ? "tar" : "zip", position_,
                      "the name of a file cannot be read", inside_);
      }
      inside_ = name;
      const bool is_file = archive_entry_filetype(entry) == AE_IFREG &&
                           archive_entry_hardlink(entry) == nullptr &&
                           !zip_links_.contains(inside_);
      if (is_file) return inside_;
      if (archive_entry_filetype(entry) == AE_IFDIR) {
        add_folder();
      } else {
        passed_over_.add(inside_);
      }
    }
  }

  [[nodiscard]] const PassedOver& passed_over() const { return passed_over_; }
  [[nodiscard]] const std::vector<std::string>& folders() const { return folders_; }

  std::size_t read(std::span<std::uint8_t> out) override {
    std::size_t filled = 0;
    while (filled < out.size()) {
      const la_ssize_t got =
          archive_read_data(archive_.get(), out.data() + filled, out.size() - filled);
      if (got < 0) fail();
      if (got == 0) break;
      filled += static_cast<std::size_t>(got);
    }
    return filled;
  }

 private:
  static la_ssize_t refill(archive* reader, void* self_pointer, const void** block) {
    auto* self = static_cast<Content*>(self_pointer);
    try {
      const std::size_t got = self->packed_->read(self->buffer_);
      self->position_ += got;
      self->check_size();
      self->remember_end(got);
      *block = self->buffer_.data();
      return static_cast<la_ssize_t>(got);
    } catch (...) {  // must not propagate through C code; fail() rethrows it
      self->cause_ = std::current_exception();
      archive_set_error(reader, EIO, "reading failed");
      return -1;
    }
  }

  void remember_end(std::size_t got) {
    last_ = got;
    if (got == 0) {
      at_end_ = true;
      return;
    }
    const auto begin =
        buffer_.begin() + static_cast<std::ptrdiff_t>(got - std::min(got, kTarBlock));
    const auto end = buffer_.begin() + static_cast<std::ptrdiff_t>(got);
    ends_with_zeros_ = std::all_of(begin, end, [](std::uint8_t byte) { return byte == 0; });
  }

  /// Blocks of zeros end a tar archive. libarchive does without, but then a copy that was cut off
  /// between two files would lose images silently.
  void check_end_of_tar() const {
    if (!at_end_ || ends_with_zeros_) return;
    throw damaged(path_, "tar", position_, "its end is missing", inside_);
  }

  /// Only the list of its files follows the files of a zip archive. More files belong to another
  /// archive in the same file, and would be lost silently.
  void check_end_of_zip() {
    const auto consumed = static_cast<std::uint64_t>(archive_filter_bytes(archive_.get(), 0));
    const auto unread = std::min<std::uint64_t>(position_ - std::min(position_, consumed), last_);
    const auto text = [&](std::size_t begin, std::size_t end) {
      return std::string(reinterpret_cast<const char*>(buffer_.data()) + begin, end - begin);
    };
    std::string rest = text(last_ - static_cast<std::size_t>(unread), last_);
    for (;;) {
      if (rest.find("PK\x03\x04") != std::string::npos) {
        throw input_error({path_.string(), ""},
                          "a second zip archive follows the first in the file",
                          "unpack both into a folder, and name the folder");
      }
      rest.erase(0, rest.size() - std::min<std::size_t>(rest.size(), 3));
      const std::size_t got = packed_->read(buffer_);
      if (got == 0) return;
      position_ += got;
      check_size();
      rest += text(0, got);
    }
  }

  /// A record of a folder takes few bytes, so their number needs a limit of its own.
  void add_folder() {
    if (folders_.size() == static_cast<std::size_t>(kMaxImages)) {
      throw input_error({path_.string(), ""},
                        fmt::format("has more than {} folders", grouped(kMaxImages)), "take fewer");
    }
    folders_.push_back(inside_);
  }

  void check_size() const {
    if (position_ <= most_) return;
    throw input_error({path_.string(), ""},
                      fmt::format("unpacks to more than {}", human_bytes(most_)), kFetchAgain);
  }

  [[noreturn]] void fail() const {
    if (cause_) std::rethrow_exception(cause_);
    throw damaged(path_, format_ == ArchiveFormat::tar ? "tar" : "zip", position_,
                  reason_of(archive_.get()), inside_);
  }

  struct FreeLocale {
    void operator()(locale_t locale) const { freelocale(locale); }
  };

  std::filesystem::path path_;
  std::string inside_;  ///< path of the current file inside the archive
  PassedOver passed_over_;
  std::set<std::string> zip_links_;
  std::vector<std::string> folders_;
  ArchiveFormat format_;
  std::unique_ptr<ByteStream> packed_;
  std::uint64_t most_;
  std::vector<std::uint8_t> buffer_;
  std::uint64_t position_ = 0;
  std::size_t last_ = 0;          ///< bytes in buffer_
  bool at_end_ = false;           ///< all of packed_ has been read
  bool ends_with_zeros_ = false;  ///< the last block so far
  std::exception_ptr cause_;
  Archive archive_;
  // The program runs in the C locale, in which libarchive loses names in UTF-8.
  std::unique_ptr<std::remove_pointer_t<locale_t>, FreeLocale> utf8_{
      newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{})};
};

ArchiveReader::ArchiveReader(const std::filesystem::path& path, ArchiveFormat format,
                             std::uint64_t most)
    : content_(std::make_unique<Content>(path, format, most)) {}
ArchiveReader::~ArchiveReader() = default;
std::optional<std::string> ArchiveReader::next() {
  return content_->next();
}
const std::vector<std::string>& ArchiveReader::folders() const {
  return content_->folders();
}
const PassedOver& ArchiveReader::passed_over() const {
  return content_->passed_over();
}
ByteStream& ArchiveReader::content() {
  return *content_;
}

}  // namespace minima::data
