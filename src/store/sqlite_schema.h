// The tables of a store, in one place, and how older stores are brought up to date.
#pragma once

#include <filesystem>

#include "core/error.h"
#include "store/sqlite_database.h"

namespace minima::store {

/// The version this program writes, and the highest it reads.
inline constexpr int kSchemaVersion = 9;

inline constexpr const char* kDatabaseName = "runs.sqlite";

/// What a database is, as far as its marks say.
enum class Contents { empty, store };

/// Throws an input error for a database of another program or a store of a newer minima.
[[nodiscard]] Contents check_contents(const Database& database);

/// The input error for a directory that holds no store, saying why.
[[nodiscard]] Error not_a_store(const std::filesystem::path& directory);

/// The version of a store; 0 of an empty database.
[[nodiscard]] int schema_version(const Database& database);

/// Creates all tables and views of an empty database in one transaction.
void create_schema(const Database& database);

/// Brings a store of an older version up to date in one transaction. Throws an input error, and
/// changes nothing, where the store is not what a program of that version made.
void update_schema(const Database& database);

}  // namespace minima::store
