// Folders in which a store cannot be opened: each gives a one-line message and stays unchanged.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "damage.h"
#include "example_store.h"
#include "record/analysis.h"
#include "small_store.h"
#include "store/database/sqlite_schema.h"
#include "support/temporary_folder.h"

namespace minima::store {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

void expect_input_error(const Error& error, const std::string& text) {
  EXPECT_EQ(error.kind(), Error::Kind::input) << error.what();
  EXPECT_THAT(error.what(), AllOf(HasSubstr(text), Not(HasSubstr("\n"))));
}

/// Runs `body` in a child process and returns its exit code. Drops root privileges if the tests
/// have them.
int in_child_without_rights(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::getuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(77);
    int code = 99;
    try {
      code = body();
    } catch (const Error& error) {
      code = error.kind() == Error::Kind::input ? 2 : 1;
      if (::write(STDERR_FILENO, error.what(), std::string(error.what()).size()) < 0) code = 98;
    }
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(StoreRefusal, OfAMissingStoreCreatesNothing) {
  TemporaryFolder folder;
  expect_input_error(error_of([&] { static_cast<void>(open_reader(folder / "none")); }),
                     "there is no such folder");
  EXPECT_FALSE(fs::exists(folder / "none"));
  expect_input_error(error_of([&] { static_cast<void>(open_reader(folder.path())); }),
                     "it holds no runs.sqlite");
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(StoreRefusal, OfANewerVersionSaysWhichIsNeeded) {
  TemporaryFolder folder;
  const fs::path store = small_store(folder / "store");
  const int newer = kSchemaVersion + 3;
  execute_unchecked(store, fmt::format("PRAGMA user_version = {}", newer));
  for (const auto& open : {std::function<void()>([&] { static_cast<void>(open_reader(store)); }),
                           std::function<void()>([&] { open_and_close(store); })}) {
    expect_input_error(
        error_of(open),
        fmt::format("written by a newer minima (schema {}, this one reads up to {}); update minima",
                    newer, kSchemaVersion));
  }
}

TEST(StoreRefusal, OfAGarbageFile) {
  TemporaryFolder folder;
  const fs::path file = folder / "runs.sqlite";
  std::ofstream(file) << "this is no database, and long enough to be looked at as one: "
                      << std::string(5000, 'x');
  expect_input_error(error_of([&] { static_cast<void>(open_reader(folder.path())); }),
                     "is not a store or is damaged");
  expect_input_error(error_of([&] { open_and_close(folder.path()); }),
                     "is not a store or is damaged");
  EXPECT_FALSE(fs::exists(folder / "lock"));
  EXPECT_FALSE(fs::exists(folder / "runs.sqlite-wal"));
}

TEST(StoreRefusal, OfADatabaseOfAnotherProgram) {
  TemporaryFolder folder;
  execute_unchecked(folder.path(), "CREATE TABLE theirs (x)");
  expect_input_error(error_of([&] { static_cast<void>(open_reader(folder.path())); }),
                     "is a database of another program");
  expect_input_error(error_of([&] { open_and_close(folder.path()); }),
                     "is a database of another program");
}

TEST(StoreRefusal, OfATruncatedDatabase) {
  TemporaryFolder folder;
  const fs::path store = small_store(folder / "store");
  fs::resize_file(store / "runs.sqlite", 5000);
  const Error error = error_of([&] { lines_of(*open_reader(store), "runs"); });
  EXPECT_EQ(error.kind(), Error::Kind::input) << error.what();
}

TEST(StoreRefusal, OfAFileForAFolder) {
  TemporaryFolder folder;
  std::ofstream(folder / "file") << "x";
  expect_input_error(error_of([&] { open_and_close(folder / "file"); }), "but a store is a folder");
  expect_input_error(error_of([&] { open_and_close(folder / "file" / "below"); }), "file/below");
  expect_input_error(error_of([&] { static_cast<void>(open_reader(folder / "file")); }),
                     "is not a store");
}

TEST(StoreRefusal, OfWeightsWhoseDatabaseIsGone) {
  TemporaryFolder folder;
  const fs::path store = small_store(folder / "store");
  fs::remove(store / "runs.sqlite");
  expect_input_error(error_of([&] { open_and_close(store); }), "holds weights but no runs.sqlite");
  EXPECT_TRUE(fs::exists(store / "weights-0001.safetensors"));
}

TEST(StoreRefusal, OfAReadOnlyFolderToAWriterButNotToAReader) {
  TemporaryFolder folder;
  const fs::path store = small_store(folder / "store");
  fs::permissions(store, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read |
                             fs::perms::others_exec);
  const int writing = in_child_without_rights([&] {
    open_and_close(store);
    return 0;
  });
  const int creating = in_child_without_rights([&] {
    open_and_close(store / "new");
    return 0;
  });
  const int reading = in_child_without_rights([&] {
    const auto reader = open_reader(store);
    return lines_of(*reader, "runs").size() == 19 && has_example_weights(*reader, example_plan()[0])
               ? 0
               : 3;
  });
  fs::permissions(store, fs::perms::owner_all);
  EXPECT_EQ(writing, 2);
  EXPECT_EQ(creating, 2);
  EXPECT_EQ(reading, 0);
  EXPECT_FALSE(fs::exists(store / "runs.sqlite-shm"));
}

TEST(StoreRefusal, OfASecondWriterNamesTheFirst) {
  TemporaryFolder folder;
  const fs::path store = folder / "store";
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto writer = open_writer(store);
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    ::pause();
    ::_exit(0);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  const Error error = error_of([&] { open_and_close(store); });
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  expect_input_error(error, fmt::format("is being written by process {} on ", child));
  EXPECT_THAT(error.what(), HasSubstr("wait for it or use another --store"));
  EXPECT_NO_THROW(open_and_close(store));  // a dead writer holds no lock
}

TEST(StoreRefusal, OfASecondWriterInTheSameProcess) {
  TemporaryFolder folder;
  const auto first = open_writer(folder / "store");
  expect_input_error(error_of([&] { open_and_close(folder / "store"); }), "is being written by");
}

TEST(StoreRefusal, OfAStoreInWhichNothingWasBegun) {
  TemporaryFolder folder;
  open_and_close(folder / "store");
  expect_input_error(error_of([&] { static_cast<void>(open_reader(folder / "store")->study()); }),
                     "no study was begun in it");
}

TEST(StoreRefusal, OfNamesOfTablesThatAreSql) {
  TemporaryFolder folder;
  const fs::path store = small_store(folder / "store");
  execute_unchecked(
      store,
      "CREATE TABLE victim (x); INSERT INTO analysis_record VALUES ('convergence', '', '', 1); "
      "INSERT INTO analysis_table VALUES "
      "('victim', 'convergence'), ('nothing; DROP TABLE victim', 'convergence')");
  const auto writer = open_writer(store);
  expect_input_error(error_of([&] { writer->keep(record::AnalysisRecord{.name = "convergence"}); }),
                     "is not an analysis table");
  execute_unchecked(store, "INSERT INTO victim VALUES (1)");  // the table still exists
}

TEST(StoreRefusal, OfTablesOfTheSchemaAsTablesOfAnAnalysis) {
  for (const char* name : {"result", "run", "runs", "weight_summary", "sqlite_sequence"}) {
    TemporaryFolder folder;
    const fs::path store = small_store(folder / "store");
    execute_unchecked(store,
                      fmt::format("INSERT INTO analysis_record VALUES ('convergence', '', '', 1); "
                                  "INSERT INTO analysis_table VALUES ('{}', 'convergence')",
                                  name));
    const auto writer = open_writer(store);
    expect_input_error(
        error_of([&] { writer->keep(record::AnalysisRecord{.name = "convergence"}); }),
        fmt::format("\"{}\" is not an analysis table", name));
    EXPECT_EQ(writer->recorded().size(), 1U) << name;
  }
}

}  // namespace
}  // namespace minima::store
