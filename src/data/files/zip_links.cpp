#include "data/files/zip_links.h"

#include <archive.h>
#include <archive_entry.h>

#include <cstdint>
#include <memory>

#include "data/limits.h"

namespace minima::data {
namespace {

constexpr std::size_t kZipBlock = 65'536;

struct FreeZip {
  void operator()(archive* reader) const { archive_read_free(reader); }
};

}  // namespace

std::set<std::string> links_of_zip(const std::filesystem::path& path) {
  std::set<std::string> links;
  const std::unique_ptr<archive, FreeZip> reader(archive_read_new());
  archive_read_support_format_zip_seekable(reader.get());
  if (archive_read_open_filename(reader.get(), path.c_str(), kZipBlock) != ARCHIVE_OK) return links;
  archive_entry* entry = nullptr;
  for (std::int64_t i = 0; i < kMaxImages; ++i) {
    const int code = archive_read_next_header(reader.get(), &entry);
    if (code == ARCHIVE_EOF || code < ARCHIVE_WARN) break;
    if (archive_entry_filetype(entry) != AE_IFLNK) continue;
    if (const char* name = archive_entry_pathname(entry)) links.insert(name);
  }
  return links;
}

}  // namespace minima::data
