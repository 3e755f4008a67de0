// Malicious stores are refused with a one-line message. Nothing outside the store changes, and
// nothing hangs.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <sstream>

#include "damage.h"
#include "example_store.h"
#include "old_stores.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "small_store.h"
#include "store/database/sqlite_checks.h"
#include "store/database/sqlite_schema.h"
#include "store/database/sqlite_views.h"
#include "support/temporary_folder.h"

namespace minima::store {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// Calls every function of a reader.
void read_everything(const fs::path& store) {
  const auto reader = open_reader(store);
  static_cast<void>(reader->study());
  static_cast<void>(reader->datasets());
  static_cast<void>(reader->sessions());
  static_cast<void>(reader->variants());
  static_cast<void>(reader->lacks());
  reader->histories([](const auto&, auto&&) {});
  reader->weight_summaries([](const auto&, auto&&) {});
  reader->predictions([](const auto&, auto&&) {});
  reader->outcomes([](const auto&, const auto&, auto&&) {});
  for (const record::RunRow& run : reader->runs()) static_cast<void>(reader->weights(run.id));
  for (const std::string& table : reader->table_names()) lines_of(*reader, table);
}

void expect_refused(const std::function<void()>& action, const std::string& text) {
  const Error error = error_of(action);
  EXPECT_EQ(error.kind(), Error::Kind::input) << error.what();
  EXPECT_THAT(error.what(), AllOf(HasSubstr(text), Not(HasSubstr("\n"))));
}

/// Expects readers, writers and merges to refuse the store.
void expect_refused_by_all(const fs::path& store, const std::string& text) {
  expect_refused([&] { static_cast<void>(open_reader(store)); }, text);
  expect_refused([&] { open_and_close(store); }, text);
  const fs::path merged = store.parent_path() / "merged";
  expect_refused([&] { merge(merged, {{store}}); }, text);
  fs::remove_all(merged);
  const fs::path good = small_store(store.parent_path() / "good", 2);
  expect_refused([&] { merge(store, {{good}}); }, text);
  fs::remove_all(good);
}

// ---- the schema ------------------------------------------------------------------------------

TEST(HostileSchema, AnythingThatDoesSomethingByItselfIsRefused) {
  for (const std::string& sql : {
           std::string("CREATE TRIGGER t AFTER INSERT ON result BEGIN DELETE FROM run; END"),
           std::string("CREATE VIEW more AS SELECT 1"),
           std::string("DROP VIEW runs; CREATE VIEW runs AS WITH RECURSIVE n(i) AS "
                       "(SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"),
           std::string("CREATE VIRTUAL TABLE more USING fts5(x)"),
           std::string("CREATE TABLE more (x)"),
           std::string("CREATE TABLE more (x); INSERT INTO analysis_table VALUES ('more', 'x')"),
           "CREATE TABLE more (" + std::string(90'000, 'x') + ")",
           std::string("CREATE INDEX more ON run (abs(seed))"),
           std::string("ALTER TABLE run ADD COLUMN more AS (hex(zeroblob(1000)))"),
           std::string("DROP TABLE run_label"),
           std::string("DROP INDEX run_position"),
       }) {
    TemporaryFolder folder;
    const fs::path store = small_store(folder / "store", 2);
    // A missing table of an analysis is a fault of a reference, not of the schema.
    execute_unchecked(store, sql);
    const Error error = error_of([&] { static_cast<void>(open_reader(store)); });
    EXPECT_EQ(error.kind(), Error::Kind::input) << sql << ": " << error.what();
    EXPECT_THAT(error.what(), AllOf(HasSubstr("runs.sqlite: "), Not(HasSubstr("\n")))) << sql;
    const std::string before = bytes_of(store / "runs.sqlite");
    EXPECT_EQ(error_of([&] { open_and_close(store); }).kind(), Error::Kind::input) << sql;
    EXPECT_EQ(bytes_of(store / "runs.sqlite"), before) << sql;
  }
}

TEST(HostileSchema, TablesOfAnalysesHaveNothingButColumns) {
  for (const char* columns : {"x TEXT DEFAULT (hex(randomblob(9)))", "x INTEGER CHECK (x > 0)",
                              "y TEXT, x AS (1)", "x BLOB", "\"x y\" TEXT"}) {
    TemporaryFolder folder;
    const fs::path store = small_store(folder / "store", 2);
    execute_unchecked(store, fmt::format("INSERT INTO analysis_record VALUES ('a', '', '', 1);"
                                         "INSERT INTO analysis_table VALUES ('more', 'a');"
                                         "CREATE TABLE more ({})",
                                         columns));
    expect_refused_by_all(store, "table more: does not belong to a store");
  }
}

TEST(HostileSchema, TablesOfAnalysesAreRead) {
  TemporaryFolder folder;
  const fs::path store = small_store(folder / "store", 2);
  open_writer(store)->keep(
      {.name = "convergence",
       .tables = {{"more", {{"a", "b", "c"}, {{std::int64_t{1}, 0.5, std::string("x")}}}}}});
  EXPECT_THAT(lines_of(*open_reader(store), "more"), testing::ElementsAre("a|b|c", "1|0.5|x"));
}

TEST(HostileSchema, ViewsOfOldStoresAreNotExecuted) {
  TemporaryFolder folder;
  const fs::path store = store_of_version(4, folder / "store");
  const fs::path victim = folder / "victim";
  execute_unchecked(
      store, fmt::format("CREATE VIEW \"y;COMMIT;ATTACH '{}' AS p;CREATE TABLE p.t(a);BEGIN;--\" "
                         "AS SELECT 1",
                         victim.string()));
  expect_refused_by_all(store, "does not belong to a store");
  EXPECT_FALSE(fs::exists(victim));
}

TEST(HostileSchema, OldStoresAreHeldToTheSchemaOfTheirVersion) {
  for (const char* sql :
       {"CREATE TRIGGER t AFTER INSERT ON result BEGIN DELETE FROM run; END",
        "CREATE TABLE more (x)", "ALTER TABLE weight_summary ADD COLUMN more AS (1)",
        "ALTER TABLE run ADD COLUMN more TEXT", "DROP TABLE epoch"}) {
    TemporaryFolder folder;
    const fs::path store = store_of_version(4, folder / "store");
    if (std::string_view(sql) == "DROP TABLE epoch") execute_unchecked(store, "DROP VIEW epochs");
    execute_unchecked(store, sql);
    const Error error = error_of([&] { static_cast<void>(open_reader(store)); });
    EXPECT_EQ(error.kind(), Error::Kind::input) << sql << ": " << error.what();
  }
}

TEST(HostileSchema, NoDatabaseIsEverAttached) {
  TemporaryFolder folder;
  const Database database(folder / "runs.sqlite", Database::Access::write);
  EXPECT_THROW(database.execute("ATTACH ':memory:' AS other"), Error);
}

TEST(Schema, AllItsViewsAreKnownToAnUpdate) {
  TemporaryFolder folder;
  const Database database(":memory:", Database::Access::write);
  create_schema(database);
  std::vector<std::string> views;
  Statement view(database, "SELECT name FROM sqlite_master WHERE type = 'view'");
  while (view.step()) views.push_back(view.text(0));
  const std::vector<std::string> known(kViewNames.begin(), kViewNames.end());
  EXPECT_THAT(known, testing::IsSupersetOf(views));
}

// ---- integrity -------------------------------------------------------------------------------

TEST(DamagedStore, RowsThatBelongToNothingAreRefused) {
  for (const char* sql :
       {"UPDATE run SET dataset = 99 WHERE id = 1", "UPDATE result SET run = 99 WHERE run = 1",
        "UPDATE weight SET file = 99", "DELETE FROM dataset WHERE id = 1"}) {
    TemporaryFolder folder;
    const fs::path store = small_store(folder / "store", 2);
    execute_unchecked(store, sql);
    expect_refused_by_all(store, "refers to a missing row of table");
  }
}

TEST(DamagedStore, PagesThatContradictEachOtherAreRefused) {
  TemporaryFolder folder;
  const fs::path store = small_store(folder / "store", 2);
  execute_unchecked(store, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE");
  // The index becomes stale: it is redefined while the positions change.
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open((store / "runs.sqlite").c_str(), &handle), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(handle,
                         "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = "
                         "'CREATE INDEX run_position ON run (seed)' WHERE name = 'run_position'",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(handle);
  ASSERT_EQ(sqlite3_open((store / "runs.sqlite").c_str(), &handle), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(handle,
                         "UPDATE run SET position = position + 100; PRAGMA writable_schema = ON; "
                         "UPDATE sqlite_master SET sql = "
                         "'CREATE INDEX run_position ON run (position)' "
                         "WHERE name = 'run_position'",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(handle);
  expect_refused_by_all(store, "is damaged: ");
}

TEST(DamagedStore, IsNotLookedAtAgainWhileItIsWritten) {
  TemporaryFolder folder;
  const fs::path store = small_store(folder / "store", 2);
  const auto writer = open_writer(store);
  execute_unchecked(store, "UPDATE result SET run = 99 WHERE run = 1");
  EXPECT_NO_THROW(static_cast<void>(open_reader(store)));
}

// ---- values ----------------------------------------------------------------------------------

TEST(HostileValue, NamesTableAndRow) {
  TemporaryFolder folder;
  const fs::path store = small_store(folder / "store", 2);
  execute_unchecked(store, "UPDATE result SET test_accuracy = 1.5 WHERE run = 1");
  expect_refused([&] { read_everything(store); },
                 fmt::format("runs.sqlite: table result, run {}: test_accuracy is 1.5, expected a "
                             "fraction from 0 to 1; ",
                             example_plan()[0].id));
}

class HostileValue : public testing::TestWithParam<std::string> {};

TEST_P(HostileValue, IsAnInputError) {
  TemporaryFolder folder;
  const fs::path store = small_store(folder / "store", 2);
  execute_unchecked(store, GetParam());
  expect_refused([&] { read_everything(store); }, "");
}

/// SQL that records a variant with these columns from sparsity_asked to arithmetic.
std::string with_variant(const std::string& columns) {
  return "INSERT INTO compression_task VALUES (1, 1, 't', 0.5, 6, NULL);"
         "INSERT INTO variant VALUES (1, 1, 1, 'p', " +
         columns + ", 'dnn 2', 1, 1, 1, 0, 0, 0.5, 0.5, 1, 1, 1, 1, 1, '', NULL)";
}

INSTANTIATE_TEST_SUITE_P(
    Dataset, HostileValue,
    testing::Values("UPDATE dataset SET classes = 0", "UPDATE dataset SET classes = 65536",
                    "UPDATE dataset SET channels = -1", "UPDATE dataset SET width = 2147483648",
                    "UPDATE dataset SET width = 200000000, height = 200000000",
                    "UPDATE dataset SET test_count = -1", "UPDATE dataset SET test_count = 9e99",
                    "UPDATE dataset SET majority_share = 1.01",
                    "UPDATE dataset SET majority_share = 9e999",
                    "UPDATE dataset SET class_names = '[1]'",
                    "UPDATE dataset SET class_names = '[\"1\",\"2\",\"3\",\"4\"]'",
                    "UPDATE dataset SET name = x'ff' || id"));

INSTANTIATE_TEST_SUITE_P(
    Run, HostileValue,
    testing::Values(
        "UPDATE run SET architecture = 'dnn 0'", "UPDATE run SET architecture = ''",
        "UPDATE run SET family = 'cnn'", "UPDATE run SET position = ''",
        "UPDATE run SET parameters = -1", "UPDATE run SET parameters = parameters + 1",
        "UPDATE run SET replicate = 2147483648", "UPDATE run SET run_id = 'no id' || id",
        "UPDATE result SET status = 'done'", "UPDATE result SET epochs = -1",
        "UPDATE result SET train_accuracy = 9e999", "UPDATE result SET train_accuracy = -1e308",
        "UPDATE result SET test_accuracy = NULL", "UPDATE result SET test_accuracy = 'a lot'",
        "UPDATE result SET test_loss = -9e999", "UPDATE result SET seconds = -1",
        "UPDATE result SET diverged_step = 0.5", "UPDATE result SET validation_accuracy = 2"));

INSTANTIATE_TEST_SUITE_P(
    Epoch, HostileValue,
    testing::Values("UPDATE epoch SET train_accuracy = 1.5", "UPDATE epoch SET test_loss = 9e999",
                    "UPDATE epoch SET epoch = -epoch", "UPDATE epoch SET top_class = -1",
                    "UPDATE epoch SET predicted_classes = 1000000",
                    "UPDATE layer_signal SET units = -1", "UPDATE layer_signal SET dead_units = 99",
                    "UPDATE layer_signal SET gradient_norm = 'x'"));

INSTANTIATE_TEST_SUITE_P(
    Weights, HostileValue,
    testing::Values(
        "UPDATE weight SET count = -1", "UPDATE weight SET count = 1",
        "UPDATE weight SET count = 2000000000000, shape = '[2000000000000]'",
        "UPDATE weight SET shape = '[-5,-4]'", "UPDATE weight SET shape = 'x'",
        "UPDATE weight SET offset = -8", "UPDATE weight SET offset = 1000000",
        "UPDATE weight SET offset = 9223372036854775807",
        "UPDATE weight_file SET data_start = 9223372036854775807",
        "UPDATE weight_file SET sealed = 2", "UPDATE weight_summary SET bins = '[]'",
        "UPDATE weight_summary SET bins = '[0]'", "UPDATE weight_summary SET bins = '[-1]'",
        "UPDATE weight_summary SET bins = '[1e99]'",
        "UPDATE weight_summary SET first_bin = first_bin + 1000000000",
        "UPDATE weight_summary SET first_bin = 255",
        "UPDATE weight_summary SET exponent = 2147483647",
        "UPDATE weight_summary SET quantiles = '[]'",
        "UPDATE weight_summary SET quantiles = '[2,1]'",
        "UPDATE weight_summary SET quantiles = '[1e300]'",
        "UPDATE weight_summary SET quantiles = '[0]' WHERE stage = 'end'",
        "UPDATE weight_summary SET mean = NULL", "UPDATE weight_summary SET sd = -1",
        "UPDATE weight_summary SET l1 = 9e999", "UPDATE weight_summary SET count = 21",
        "UPDATE weight_summary SET not_finite = -1", "UPDATE weight_summary SET nodes = 0",
        "UPDATE weight_summary SET node_values = '[]'", "UPDATE weight_summary SET node_max = NULL",
        "UPDATE weight_summary SET name = x'00' || name"));

INSTANTIATE_TEST_SUITE_P(
    Others, HostileValue,
    testing::Values(
        "UPDATE study_record SET keep_weights = 'some'", "UPDATE study_record SET name = x'00'",
        "UPDATE study_record SET text = CAST(x'ff' AS TEXT)",
        "INSERT INTO session VALUES ('s', '', '', '', '', -1, '', 1, 1, '', NULL, NULL, NULL, "
        "NULL, NULL, NULL)",
        "INSERT INTO session VALUES ('s', '', '', '', '', 1, '', 1, 1, '', NULL, NULL, 'cpu', "
        "x'01', NULL, NULL)",
        "UPDATE result SET session = x'ff'",
        "INSERT INTO run_label VALUES (1, CAST(x'ff' AS TEXT), NULL, NULL)",
        with_variant("2, '', '', 'fp32', 32, 'fp32', 'float'"),
        with_variant("0.5, '', '', 'int99', 32, 'fp32', 'float'"),
        with_variant("0.5, '', '', 'fp32', 32, '', 'float'"),
        with_variant("0.5, '', '', 'fp32', 32, 'fp32', 'exact'")));

TEST(HostileValue, OfWeightsIsRefusedByAWriterToo) {
  for (const char* sql :
       {"UPDATE weight SET count = -1", "UPDATE weight SET offset = -8",
        "UPDATE sqlite_sequence SET seq = 9223372036854775807",
        "UPDATE sqlite_sequence SET seq = 0", "UPDATE result SET train_accuracy = 9e999"}) {
    TemporaryFolder folder;
    const fs::path store = small_store(folder / "store", 2);
    execute_unchecked(store, sql);
    expect_refused([&] { open_and_close(store); }, "runs.sqlite: table ");
  }
}

// ---- links -----------------------------------------------------------------------------------

class Link : public testing::TestWithParam<const char*> {
 protected:
  TemporaryFolder folder;
};

TEST_P(Link, InsideAStoreIsNotFollowed) {
  const fs::path store = small_store(folder / "store", 2);
  const fs::path victim = folder / "victim";
  std::ofstream(victim) << "precious";
  fs::remove(store / GetParam());
  fs::create_symlink(victim, store / GetParam());
  expect_refused([&] { open_and_close(store); }, "is a symbolic link");
  EXPECT_EQ(bytes_of(victim), "precious");
}

INSTANTIATE_TEST_SUITE_P(Files, Link,
                         testing::Values("lock", "runs.sqlite", "runs.sqlite-wal",
                                         "runs.sqlite-shm", "runs.sqlite-journal"));

TEST(LinkInsideAStore, ToNothingDoesNotMakeAFile) {
  TemporaryFolder folder;
  fs::create_directories(folder / "store");
  fs::create_symlink(folder / "new", folder / "store" / "runs.sqlite");
  expect_refused([&] { open_and_close(folder / "store"); }, "is a symbolic link");
  EXPECT_FALSE(fs::exists(folder / "new"));
}

TEST(LinkInsideAStore, OfWeightsIsNeitherReadNorWritten) {
  TemporaryFolder folder;
  const fs::path store = small_store(folder / "store", 2);
  const fs::path victim = folder / "victim";
  std::ofstream(victim) << std::string(100'000, 'x');
  for (const char* name : {"weights-0001.safetensors", "weights-0002.part"}) {
    fs::remove(store / name);
    fs::create_symlink(victim, store / name);
  }
  const auto plan = example_plan();
  expect_refused([&] { static_cast<void>(open_reader(store)->weights(plan[0].id)); },
                 "is a symbolic link");
  execute_unchecked(store, "INSERT INTO weight_file VALUES (2, 0, 0, 0)");
  expect_refused(
      [&] {
        const auto writer = open_writer(store);
        writer->begin(example_study(), example_datasets(), plan);
        record(*writer, plan[2]);
      },
      "is a symbolic link");
  EXPECT_EQ(bytes_of(victim), std::string(100'000, 'x'));
}

TEST(LinkInsideAStore, NorIsAPipeWaitedFor) {
  TemporaryFolder folder;
  const fs::path store = small_store(folder / "store", 2);
  fs::remove(store / "weights-0001.safetensors");
  ASSERT_EQ(::mkfifo((store / "weights-0001.safetensors").c_str(), 0600), 0);
  expect_refused([&] { static_cast<void>(open_reader(store)->weights(example_plan()[0].id)); },
                 "is not a regular file");
  fs::remove(store / "lock");
  ASSERT_EQ(::mkfifo((store / "lock").c_str(), 0600), 0);
  expect_refused([&] { static_cast<void>(open_reader(store)); }, "is not a regular file");
}

TEST(LinkToAStore, WorksForReadersAndWriters) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  fs::create_directories(folder / "real");
  fs::create_directory_symlink(folder / "real", folder / "linked");
  small_store(folder / "linked" / "store", 2);
  fs::create_directory_symlink(folder / "real" / "store", folder / "link");
  for (const fs::path& store : {folder / "link", folder / "linked" / "store"}) {
    open_and_close(store);
    EXPECT_EQ(open_reader(store)->runs().size(), plan.size());
    EXPECT_TRUE(has_example_weights(*open_reader(store), plan[0]));
  }
}

// SQLite deletes the super-journal that a rollback journal names once no such journal is left.
TEST(LinkInsideAStore, AJournalCannotNameAFileToDelete) {
  TemporaryFolder folder;
  const fs::path store = small_store(folder / "store", 2);
  execute_unchecked(store, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE");
  const fs::path victim = folder / "victim";
  std::ofstream(victim) << "precious";
  const auto big_endian = [](std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
    return bytes;
  };
  const std::string magic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";
  const auto pages = static_cast<std::uint32_t>(fs::file_size(store / "runs.sqlite") / 4096);
  std::string journal = magic + big_endian(0) + big_endian(1) + big_endian(pages) +
                        big_endian(512) + big_endian(4096);
  journal.resize(512, '\0');
  const std::string name = victim.string();
  std::uint32_t sum = 0;
  for (const char c : name) sum += static_cast<std::uint32_t>(static_cast<signed char>(c));
  journal += big_endian(0x40000000 / 4096 + 1) + name +
             big_endian(static_cast<std::uint32_t>(name.size())) + big_endian(sum) + magic;
  std::ofstream(store / "runs.sqlite-journal", std::ios::binary) << journal;
  expect_refused_by_all(store, "runs.sqlite-journal: belongs to another database");
  EXPECT_EQ(bytes_of(victim), "precious");
}

// ---- where the log cannot be shared ------------------------------------------------------------

/// Reads the store in a process that cannot enlarge files, as on a full disk. Returns its exit
/// code, which is 0 if `runs` runs have results.
int code_on_full_disk(const fs::path& store, std::size_t runs) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_FSIZE, &none);
    int code = 3;
    try {
      const auto all = open_reader(store)->runs();
      const auto recorded = std::ranges::count_if(all, [](const record::RunRow& run) {
        return run.result.status != record::RunStatus::planned;
      });
      code = static_cast<std::size_t>(recorded) == runs ? 0 : 4;
    } catch (const Error& error) {
      code = error.kind() == Error::Kind::input ? 2 : 1;
    }
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(FullDisk, DoesNotHinderReading) {
  TemporaryFolder folder;
  const fs::path store = small_store(folder / "store", 2);
  EXPECT_EQ(code_on_full_disk(store, 2), 0);
  fs::remove(store / "runs.sqlite-shm");
  const fs::path killed = folder / "killed";
  {
    const auto writer = open_writer(store);
    writer->begin(example_study(), example_datasets(), example_plan());
    record(*writer, example_plan()[3]);
    fs::copy(store, killed);
    fs::remove(killed / "runs.sqlite-shm");
  }
  ASSERT_GT(fs::file_size(killed / "runs.sqlite-wal"), 0U);
  EXPECT_EQ(code_on_full_disk(killed, 3), 0) << "what stands in the log alone is read too";
}

}  // namespace
}  // namespace minima::store
