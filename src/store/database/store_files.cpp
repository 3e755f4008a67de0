#include "store/database/store_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/error.h"
#include "store/database/sqlite_schema.h"
#include "store/files/posix_file.h"

namespace minima::store {
namespace {

// The last bytes of a rollback journal that names a super-journal:
// https://www.sqlite.org/fileformat.html#the_rollback_journal. A store never has such journals.
constexpr std::array<unsigned char, 8> kJournalMagic = {0xd9, 0xd5, 0x05, 0xf9,
                                                        0x20, 0xa1, 0x63, 0xd7};

bool names_another_file(const std::filesystem::path& journal) {
  const PosixFile file(journal, O_RDONLY);
  const std::uint64_t size = file.size();
  std::array<unsigned char, 8> end{};
  if (size < end.size()) return false;
  file.read_at(std::as_writable_bytes(std::span(end)), size - end.size());
  return end == kJournalMagic;
}

}  // namespace

void check_store_files(const std::filesystem::path& directory) {
  const std::string database = kDatabaseName;
  const std::string journal = database + "-journal";
  for (const std::string& name :
       {database, database + "-wal", database + "-shm", journal, std::string("lock")}) {
    const std::filesystem::path path = directory / name;
    std::error_code error;
    const auto type = std::filesystem::symlink_status(path, error).type();
    if (type == std::filesystem::file_type::not_found || type == std::filesystem::file_type::none ||
        type == std::filesystem::file_type::regular) {
      continue;
    }
    throw not_a_plain_file(path, type == std::filesystem::file_type::symlink);
  }
  std::error_code error;
  if (std::filesystem::exists(directory / journal, error) &&
      names_another_file(directory / journal)) {
    throw input_error({(directory / journal).string(), ""}, "belongs to another database",
                      "take a copy of the store that was made while no program wrote to it");
  }
}

bool is_being_written(const std::filesystem::path& directory) {
  try {
    const PosixFile lock(directory / "lock", O_RDONLY);
    // A shared lock, so that readers do not block each other. Closing the file releases it.
    return ::flock(lock.descriptor(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace minima::store
