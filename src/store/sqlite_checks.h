// What a database is checked for before anything of it is used: it may come from anyone, damaged or
// made to harm. Values are checked where they are read (checked_row.h).
#pragma once

#include "store/sqlite_database.h"

namespace minima::store {

/// Letters and "_" only: such a name needs no quotes and holds no SQL.
[[nodiscard]] bool is_plain_name(const std::string& name);

/// Whether the schema of this version has a table, view or index of this name.
[[nodiscard]] bool is_schema_name(const std::string& name);

/// Throws an input error unless tables, views and indices are exactly those that the program makes,
/// and tables of analyses. Evaluates nothing of the schema.
void check_schema(const Database& database);

/// The same for what may be told of a store of an older version before it is brought up to date:
/// there is nothing in it that does anything by itself.
void check_old_schema(const Database& database);

/// Throws a work error where what SQLite's checks found is not damage: "... error code=7" says that
/// memory ran out, and others that the disk could not be read.
void refuse_faults_of_the_machine(const Database& database, const std::string& found);

/// Throws an input error where pages, indices or references between tables are damaged. Reads the
/// whole file. The schema has been checked.
void check_integrity(const Database& database);

}  // namespace minima::store
