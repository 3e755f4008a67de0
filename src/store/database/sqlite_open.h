// Opens a store from an untrusted source.
#pragma once

#include <filesystem>

#include "store/database/sqlite_database.h"

namespace minima::store {

/// Whether opening a store checks its pages, indices and references.
enum class Integrity { checked, unchecked };

/// Opens the database of a store for reading and checks its files, schema and integrity. If the
/// store has an older schema, returns an updated copy. Throws an input error that says why the
/// store cannot be opened.
[[nodiscard]] Database open_store(const std::filesystem::path& directory,
                                  Integrity integrity = Integrity::checked);

/// Whether the database is empty or missing. Throws an input error for files that do not belong to
/// a store.
[[nodiscard]] bool holds_nothing(const std::filesystem::path& directory);

}  // namespace minima::store
