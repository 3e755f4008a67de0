// Checks of a database before any of it is used, because it may be damaged or malicious. Values are
// checked as they are read (checked_row.h).
#pragma once

#include "store/database/sqlite_database.h"

namespace minima::store {

/// Whether a name has only letters and "_", so that it needs no quotes and cannot contain SQL.
[[nodiscard]] bool is_plain_name(const std::string& name);

/// Whether this version's schema has a table, view or index of this name.
[[nodiscard]] bool is_schema_name(const std::string& name);

/// Throws an input error unless the tables, views and indices are exactly those that the program
/// creates, plus tables of analyses. Evaluates nothing in the schema.
void check_schema(const Database& database);

/// Checks a store of an older version before it is updated: its schema must not contain anything
/// that runs by itself, such as triggers.
void check_old_schema(const Database& database);

/// Throws a work error if SQLite's checks report something other than damage: "... error code=7"
/// means out of memory, other codes mean that the disk could not be read.
void refuse_faults_of_the_machine(const Database& database, const std::string& found);

/// Throws an input error if pages, indices or references between tables are damaged. Reads the
/// whole file. Requires check_schema().
void check_integrity(const Database& database);

}  // namespace minima::store
