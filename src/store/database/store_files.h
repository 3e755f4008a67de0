// Checks the files in a store folder. A folder from someone else may contain links in place of
// files, which could make the reader overwrite or delete files elsewhere.
#pragma once

#include <filesystem>

namespace minima::store {

/// Throws an input error if the database, its log or the lock is a link or not a regular file, or
/// if a rollback journal names another file (SQLite would delete it). The folder itself may be a
/// link.
void check_store_files(const std::filesystem::path& directory);

/// Whether a writer currently holds this store.
[[nodiscard]] bool is_being_written(const std::filesystem::path& directory);

}  // namespace minima::store
