// Defines the tables of a store and updates older stores.
#pragma once

#include <filesystem>

#include "core/error.h"
#include "store/sqlite_database.h"

namespace minima::store {

/// The version this program writes, and the highest it reads.
inline constexpr int kSchemaVersion = 11;

inline constexpr const char* kDatabaseName = "runs.sqlite";

/// Kind of a database, by its application id and schema version.
enum class Contents { empty, store };

/// Throws an input error for a database of another program or a store of a newer minima.
[[nodiscard]] Contents check_contents(const Database& database);

/// The input error for a directory that is not a store, with the reason.
[[nodiscard]] Error not_a_store(const std::filesystem::path& directory);

/// The schema version of a store; 0 for an empty database.
[[nodiscard]] int schema_version(const Database& database);

/// Creates all tables and views of an empty database in one transaction.
void create_schema(const Database& database);

/// Updates a store of an older version in one transaction. If the store is not what a program of
/// that version creates, throws an input error and changes nothing.
void update_schema(const Database& database);

}  // namespace minima::store
