#include "store/database/sqlite_schema.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "core/error.h"
#include "store/database/sqlite_checks.h"
#include "store/database/sqlite_views.h"

namespace minima::store {
namespace {

constexpr int kApplicationId = 0x6d696e69;  // "mini"

// Tables have singular names and are internal; views have plural names and are for users.
// docs/store.md documents both, and a test compares it with this schema.
constexpr const char* kTables = R"sql(
CREATE TABLE study_record (
  one             INTEGER PRIMARY KEY CHECK (one = 1),
  name            TEXT NOT NULL,
  text            TEXT NOT NULL,
  train           TEXT NOT NULL,
  shard           TEXT NOT NULL,
  program_version TEXT NOT NULL,
  keep_weights    TEXT NOT NULL
);
CREATE TABLE dataset (
  id             INTEGER PRIMARY KEY,
  name           TEXT NOT NULL UNIQUE,
  channels       INTEGER NOT NULL,
  height         INTEGER NOT NULL,
  width          INTEGER NOT NULL,
  classes        INTEGER NOT NULL,
  train_count    INTEGER NOT NULL,
  test_count     INTEGER NOT NULL,
  majority_share REAL NOT NULL,
  class_names    TEXT NOT NULL,
  checksum       TEXT NOT NULL
);
CREATE TABLE run (
  id           INTEGER PRIMARY KEY,
  run_id       TEXT NOT NULL UNIQUE,
  position     INTEGER NOT NULL,
  dataset      INTEGER NOT NULL REFERENCES dataset,
  family       TEXT NOT NULL,
  architecture TEXT NOT NULL,
  parameters   INTEGER NOT NULL,
  replicate    INTEGER NOT NULL,
  seed         INTEGER NOT NULL,
  train        TEXT NOT NULL
);
CREATE INDEX run_position ON run (position);
CREATE TABLE result (
  run            INTEGER PRIMARY KEY REFERENCES run,
  status         TEXT NOT NULL CHECK (status IN ('finished', 'diverged')),
  epochs         INTEGER NOT NULL,
  train_loss     REAL,
  train_accuracy REAL,
  test_loss      REAL,
  test_accuracy  REAL,
  diverged_step  INTEGER,
  seconds        REAL NOT NULL,
  last_layer     INTEGER,
  last_gradient  REAL,
  last_loss      REAL
);
CREATE TABLE epoch (
  run               INTEGER NOT NULL REFERENCES run,
  epoch             INTEGER NOT NULL,
  learning_rate     REAL,
  train_loss        REAL,
  train_accuracy    REAL,
  test_loss         REAL,
  test_accuracy     REAL,
  predicted_classes INTEGER NOT NULL,
  top_class         INTEGER NOT NULL,
  top_class_share   REAL,
  PRIMARY KEY (run, epoch)
) WITHOUT ROWID;
CREATE TABLE layer_signal (
  run           INTEGER NOT NULL REFERENCES run,
  epoch         INTEGER NOT NULL,
  layer         INTEGER NOT NULL,
  units         INTEGER NOT NULL,
  dead_units    INTEGER NOT NULL,
  gradient_norm REAL,
  PRIMARY KEY (run, epoch, layer)
) WITHOUT ROWID;
CREATE TABLE weight_file (
  number     INTEGER PRIMARY KEY AUTOINCREMENT,
  sealed     INTEGER NOT NULL,
  data_start INTEGER NOT NULL,
  bytes      INTEGER NOT NULL
);
CREATE TABLE weight (
  run    INTEGER NOT NULL REFERENCES run,
  tensor INTEGER NOT NULL,
  name   TEXT NOT NULL,
  shape  TEXT NOT NULL,
  file   INTEGER NOT NULL REFERENCES weight_file,
  offset INTEGER NOT NULL,
  count  INTEGER NOT NULL,
  PRIMARY KEY (run, tensor)
) WITHOUT ROWID;
)sql";

// Results of pruning and quantization.
constexpr const char* kVariantTables = R"sql(
CREATE TABLE compression_task (
  id      INTEGER PRIMARY KEY,
  run     INTEGER NOT NULL REFERENCES run,
  task    TEXT NOT NULL,
  seconds REAL NOT NULL,
  UNIQUE (run, task)
);
CREATE TABLE variant (
  id             INTEGER PRIMARY KEY,
  run            INTEGER NOT NULL REFERENCES run,
  task           INTEGER NOT NULL REFERENCES compression_task,
  pruning        TEXT NOT NULL,
  sparsity_asked REAL NOT NULL,
  tensor         TEXT NOT NULL,
  quantization   TEXT NOT NULL,
  format         TEXT NOT NULL,
  bits           INTEGER NOT NULL,
  activations    TEXT NOT NULL,
  arithmetic     TEXT NOT NULL,
  architecture   TEXT NOT NULL,
  parameters     INTEGER NOT NULL,
  weights        INTEGER NOT NULL,
  kept           INTEGER NOT NULL,
  dead_units     INTEGER NOT NULL,
  epochs         INTEGER NOT NULL,
  test_loss      REAL,
  test_accuracy  REAL,
  dense_bytes    INTEGER,
  index_bytes    INTEGER NOT NULL,
  bitmask_bytes  INTEGER NOT NULL,
  entropy_bytes  INTEGER NOT NULL,
  packed_bytes   INTEGER NOT NULL,
  note           TEXT NOT NULL,
  UNIQUE (run, pruning, sparsity_asked, tensor, quantization, format)
);
CREATE TABLE variant_tensor (
  variant INTEGER NOT NULL REFERENCES variant,
  number  INTEGER NOT NULL,
  name    TEXT NOT NULL,
  weights INTEGER NOT NULL,
  kept    INTEGER NOT NULL,
  PRIMARY KEY (variant, number)
) WITHOUT ROWID;
)sql";

// Results on the validation split; applied to new and old stores.
constexpr const char* kValidationColumns = R"sql(
ALTER TABLE dataset ADD COLUMN validation_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE result ADD COLUMN validation_accuracy REAL;
ALTER TABLE variant ADD COLUMN validation_accuracy REAL;
)sql";

// Per-image results (prediction_codec.h) and the version that recorded a compression task; applied
// to new and old stores. Version "5" stands for 5 and all older versions.
constexpr const char* kImageTables = R"sql(
CREATE TABLE dataset_label (
  dataset    INTEGER PRIMARY KEY REFERENCES dataset,
  test       BLOB NOT NULL,
  validation BLOB NOT NULL
);
CREATE TABLE run_prediction (
  run        INTEGER PRIMARY KEY REFERENCES run,
  test       BLOB NOT NULL,
  validation BLOB NOT NULL
);
CREATE TABLE variant_outcome (
  variant    INTEGER PRIMARY KEY REFERENCES variant,
  test       BLOB NOT NULL,
  validation BLOB NOT NULL
);
ALTER TABLE compression_task ADD COLUMN schema INTEGER NOT NULL DEFAULT 5;
)sql";

// CRC-32 of a tensor's values as stored in its file; applied to new and old stores.
constexpr const char* kChecksumColumn = "ALTER TABLE weight ADD COLUMN checksum INTEGER";

// Checksums of units (sqlite_checksums.h); applied to new and old stores.
constexpr const char* kChecksumTable = R"sql(
CREATE TABLE checksum (
  part  TEXT NOT NULL,
  owner TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (part, owner)
) WITHOUT ROWID;
)sql";

// What computed the results, and which session recorded each; applied to new and old stores. NULL:
// an older version recorded it.
constexpr const char* kBackendColumns = R"sql(
ALTER TABLE session ADD COLUMN backend TEXT;
ALTER TABLE session ADD COLUMN instruction_set TEXT;
ALTER TABLE session ADD COLUMN matrix_products TEXT;
ALTER TABLE result ADD COLUMN session TEXT;
ALTER TABLE compression_task ADD COLUMN session TEXT;
)sql";

// What was left out: of a dataset (or looks wrong in it), and of a session's compression. Applied
// to new and old stores. NULL: nothing, or an older version recorded it.
constexpr const char* kNotesColumns = R"sql(
ALTER TABLE dataset ADD COLUMN notes TEXT;
ALTER TABLE session ADD COLUMN left_out INTEGER;
)sql";

// Summaries of weights, whether or not the weights are kept; lists are JSON.
constexpr const char* kWeightTables = R"sql(
CREATE TABLE weight_summary (
  run         INTEGER NOT NULL REFERENCES run,
  stage       TEXT NOT NULL CHECK (stage IN ('start', 'epoch', 'end')),
  epoch       INTEGER NOT NULL,
  tensor      INTEGER NOT NULL,
  name        TEXT NOT NULL,
  shape       TEXT NOT NULL,
  count       INTEGER NOT NULL,
  not_finite  INTEGER NOT NULL,
  mean        REAL,
  sd          REAL,
  skewness    REAL,
  kurtosis    REAL,
  near_zero   REAL,
  l1          REAL,
  l2          REAL,
  max         REAL,
  stable_rank REAL,
  quantiles   TEXT NOT NULL,
  exponent    INTEGER NOT NULL,
  first_bin   INTEGER NOT NULL,
  bins        TEXT NOT NULL,
  nodes       INTEGER NOT NULL,
  node_mean   REAL,
  node_sd     REAL,
  node_min    REAL,
  node_max    REAL,
  node_values TEXT NOT NULL,
  PRIMARY KEY (run, stage, epoch, tensor)
) WITHOUT ROWID;
)sql";

// Results of analyses. Each analysis creates its own tables when it is stored; analysis_table lists
// their names.
constexpr const char* kAnalysisTables = R"sql(
CREATE TABLE run_label (
  run            INTEGER PRIMARY KEY REFERENCES run,
  accuracy_group TEXT,
  regime         TEXT,
  diagnosis      TEXT
);
CREATE TABLE analysis_record (
  name            TEXT PRIMARY KEY,
  settings        TEXT NOT NULL,
  program_version TEXT NOT NULL,
  runs            INTEGER NOT NULL
);
CREATE TABLE analysis_table (
  name     TEXT PRIMARY KEY,
  analysis TEXT NOT NULL REFERENCES analysis_record
);
)sql";

// When and where the program ran.
constexpr const char* kSessionTable = R"sql(
CREATE TABLE session (
  session_id       TEXT PRIMARY KEY,
  started          TEXT NOT NULL,
  ended            TEXT NOT NULL,
  shard            TEXT NOT NULL,
  program_version  TEXT NOT NULL,
  jobs             INTEGER NOT NULL,
  processor        TEXT NOT NULL,
  cores            INTEGER NOT NULL,
  memory_bytes     INTEGER NOT NULL,
  system           TEXT NOT NULL,
  cpu_seconds      REAL,
  compression_left INTEGER
) WITHOUT ROWID;
)sql";

constexpr const char* kFromVersion1 = R"sql(
ALTER TABLE result ADD COLUMN last_layer INTEGER;
ALTER TABLE result ADD COLUMN last_gradient REAL;
ALTER TABLE result ADD COLUMN last_loss REAL;
)sql";

// SQLite cannot change a constraint, so the table is created again.
constexpr const char* kEndsOfVersion4 = "ALTER TABLE weight_summary RENAME TO weight_ends;";
constexpr const char* kFromVersion4 = R"sql(
INSERT INTO weight_summary (run, stage, epoch, tensor, name, shape, count, not_finite, mean, sd,
                            skewness, kurtosis, near_zero, l1, l2, max, stable_rank, quantiles,
                            exponent, first_bin, bins, nodes, node_mean, node_sd, node_min,
                            node_max, node_values)
  SELECT weight_ends.run, stage, CASE stage WHEN 'start' THEN 0 ELSE result.epochs END, tensor,
         name, shape, count, not_finite, mean, sd, skewness, kurtosis, near_zero, l1, l2, max,
         stable_rank, quantiles, exponent, first_bin, bins, nodes, node_mean, node_sd, node_min,
         node_max, node_values
  FROM weight_ends JOIN result ON result.run = weight_ends.run;
DROP TABLE weight_ends;
)sql";

// Some stores of version 5 lack a column that was added later.
bool has_column(const Database& database, const std::string& table, const std::string& column) {
  return database.integer(fmt::format(
             "SELECT count(*) FROM pragma_table_info('{}') WHERE name = '{}'", table, column)) > 0;
}

}  // namespace

Error not_a_store(const std::filesystem::path& directory) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(directory / kDatabaseName, error);
  std::string reason = "no study was begun in it";
  if (error) reason = fmt::format("it holds no {}", kDatabaseName);
  if (!error && bytes == 0) reason = fmt::format("{} is empty", kDatabaseName);
  if (!std::filesystem::exists(directory, error)) reason = "there is no such folder";
  return input_error({directory.string(), ""}, "is not a store: " + reason,
                     "give the folder that minima run wrote");
}

int schema_version(const Database& database) {
  return static_cast<int>(database.integer("PRAGMA user_version"));
}

Contents check_contents(const Database& database) {
  const std::int64_t application = database.integer("PRAGMA application_id");
  const std::int64_t version = database.integer("PRAGMA user_version");
  const std::int64_t objects = database.integer("SELECT count(*) FROM sqlite_master");
  if (application == 0 && version == 0 && objects == 0) return Contents::empty;
  const Place place{database.path().string(), ""};
  if (application != kApplicationId) {
    throw input_error(place, "is a database of another program", "use another --store");
  }
  if (version > kSchemaVersion) {
    throw input_error(place,
                      fmt::format("written by a newer minima (schema {}, this one reads up to {})",
                                  version, kSchemaVersion),
                      "update minima");
  }
  return Contents::store;
}

void create_schema(const Database& database) {
  Transaction transaction(database);
  if (check_contents(database) == Contents::store) return;
  database.execute(kTables);
  database.execute(kVariantTables);
  database.execute(kValidationColumns);
  database.execute(kImageTables);
  database.execute(kChecksumColumn);
  database.execute(kChecksumTable);
  database.execute(kWeightTables);
  database.execute(kAnalysisTables);
  database.execute(kSessionTable);
  database.execute(kBackendColumns);
  database.execute(kNotesColumns);
  database.execute(kViews);
  database.execute(fmt::format("PRAGMA application_id = {}", kApplicationId));
  database.execute(fmt::format("PRAGMA user_version = {}", kSchemaVersion));
  transaction.commit();
}

void update_schema(const Database& database) {
  Transaction transaction(database);
  const int version = schema_version(database);
  if (version >= kSchemaVersion) return;
  check_old_schema(database);
  for (const char* view : kViewNames) {
    database.execute(fmt::format("DROP VIEW IF EXISTS \"{}\"", view));
  }
  if (version < 2) {
    database.execute(kFromVersion1);
    database.execute(kAnalysisTables);
  }
  if (version < 3) database.execute(kVariantTables);
  if (version == 4) database.execute(kEndsOfVersion4);
  if (version < 5) {
    database.execute(kWeightTables);
    if (version == 4) database.execute(kFromVersion4);
    database.execute(kSessionTable);
    database.execute(kValidationColumns);
  }
  if (version == 5 && !has_column(database, "session", "compression_left")) {
    database.execute("ALTER TABLE session ADD COLUMN compression_left INTEGER");
  }
  if (version < 6) database.execute(kImageTables);
  if (version < 7) database.execute(kChecksumColumn);
  if (version < 8) database.execute(kChecksumTable);
  if (version < 10) database.execute(kBackendColumns);
  if (version < 11) database.execute(kNotesColumns);
  database.execute(kViews);
  database.execute(fmt::format("PRAGMA user_version = {}", kSchemaVersion));
  check_schema(database);
  transaction.commit();
}

}  // namespace minima::store
