// The files of a store as they lie in its folder. A folder received from someone else may hold
// links instead of files, to make its reader overwrite, or delete, files elsewhere.
#pragma once

#include <filesystem>

namespace minima::store {

/// Throws an input error where the database, its log or the lock is a link or no file, or where a
/// rollback journal names another file (SQLite would delete it). The folder itself may be a link.
void check_store_files(const std::filesystem::path& directory);

/// Whether a writer is at work in this store now.
[[nodiscard]] bool is_being_written(const std::filesystem::path& directory);

}  // namespace minima::store
