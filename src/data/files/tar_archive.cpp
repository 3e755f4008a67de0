#include "data/files/tar_archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

#include "core/error.h"

namespace minima::data {
namespace {

struct FreeWriter {
  void operator()(archive* writer) const { archive_write_free(writer); }
};
struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

void check(int result, archive* writer) {
  if (result == ARCHIVE_OK) return;
  const char* reason = archive_error_string(writer);
  throw work_error({"tar archive", ""}, reason == nullptr ? "cannot be made" : reason);
}

la_ssize_t append(archive* /*writer*/, void* text, const void* bytes, std::size_t count) {
  static_cast<std::string*>(text)->append(static_cast<const char*>(bytes), count);
  return static_cast<la_ssize_t>(count);
}

}  // namespace

std::string tar_of(std::span<const ArchivedFile> files) {
  std::string text;
  const std::unique_ptr<archive, FreeWriter> writer(archive_write_new());
  check(archive_write_set_format_pax_restricted(writer.get()), writer.get());
  check(archive_write_open(writer.get(), &text, nullptr, append, nullptr), writer.get());
  for (const ArchivedFile& file : files) {
    const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
    archive_entry_set_pathname_utf8(entry.get(), file.name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.content.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_mtime(entry.get(), 0, 0);
    check(archive_write_header(writer.get(), entry.get()), writer.get());
    const la_ssize_t written =
        archive_write_data(writer.get(), file.content.data(), file.content.size());
    if (written != static_cast<la_ssize_t>(file.content.size())) check(ARCHIVE_FATAL, writer.get());
  }
  check(archive_write_close(writer.get()), writer.get());
  return text;
}

}  // namespace minima::data
