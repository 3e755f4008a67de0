// Stores of older schemas: the tables that the program created then, with a few rows (old_stores/).
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "store/database/sqlite_database.h"

namespace minima::store {

inline std::filesystem::path store_of_version(int version, const std::filesystem::path& store) {
  std::ifstream in(std::filesystem::path(MINIMA_OLD_STORES) /
                   ("version-" + std::to_string(version) + ".sql"));
  EXPECT_TRUE(in) << "no store of version " << version;
  std::ostringstream sql;
  sql << in.rdbuf();
  std::filesystem::create_directories(store);
  const Database database(store / "runs.sqlite", Database::Access::write);
  database.execute("PRAGMA journal_mode = WAL");  // like every writer
  database.execute(sql.str());
  return store;
}

}  // namespace minima::store
