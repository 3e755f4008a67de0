// Opening a store that may come from anyone.
#pragma once

#include <filesystem>

#include "store/sqlite_database.h"

namespace minima::store {

/// Whether the pages, indices and references of a store are looked at when it is opened.
enum class Integrity { checked, unchecked };

/// The database of a store, to read it: its files, schema and integrity checked, and of this
/// version's schema (a copy of it that was brought up to date where the store is older). Throws an
/// input error that says why there is none.
[[nodiscard]] Database open_store(const std::filesystem::path& directory,
                                  Integrity integrity = Integrity::checked);

/// Whether there is a database without anything in it, or none. Throws an input error for files
/// that are not a store's own.
[[nodiscard]] bool holds_nothing(const std::filesystem::path& directory);

}  // namespace minima::store
