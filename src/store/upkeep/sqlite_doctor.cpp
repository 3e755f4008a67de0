#include "store/upkeep/sqlite_doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <new>

#include "core/error.h"
#include "core/text.h"
#include "record/predictions.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"
#include "record/variant.h"
#include "store/database/sqlite_checks.h"
#include "store/database/sqlite_schema.h"
#include "store/database/store_files.h"
#include "store/files/lock.h"
#include "store/records/sqlite_checksums.h"
#include "store/records/sqlite_weights.h"

namespace minima::store {
namespace {

constexpr std::uint64_t kWeightsFileBytes = WriterOptions{}.weights_file_bytes;

// Rows that need a row of another table.
struct Belonging {
  const char* table;
  const char* column;
  const char* owner;
  const char* key;
};
constexpr Belonging kBelongings[] = {
    {"result", "run", "run", "id"},
    // Rows recorded together with a result do not outlive it.
    {"epoch", "run", "result", "run"},
    {"layer_signal", "run", "result", "run"},
    {"weight", "run", "result", "run"},
    {"weight_summary", "run", "result", "run"},
    {"run_prediction", "run", "result", "run"},
    {"compression_task", "run", "result", "run"},
    {"variant", "run", "result", "run"},
    {"variant", "task", "compression_task", "id"},
    {"variant_tensor", "variant", "variant", "id"},
    {"variant_outcome", "variant", "variant", "id"},
    {"run_label", "run", "run", "id"},
    {"dataset_label", "dataset", "dataset", "id"},
    {"analysis_table", "analysis", "analysis_record", "name"},
    {"checksum", "CASE WHEN part IN ('run', 'compression') THEN owner END", "run",
     "CAST(id AS TEXT)"},
};

// The orphaned rows, as the text that follows FROM.
std::string ownerless(const Belonging& of) {
  return fmt::format("{} WHERE {} NOT IN (SELECT {} FROM {})", of.table, of.column, of.key,
                     of.owner);
}

void examine_references(const SqliteReader& store, Damage& damage) {
  for (const Belonging& each : kBelongings) {
    const std::int64_t count = store.database().integer("SELECT count(*) FROM " + ownerless(each));
    if (count == 0) continue;
    damage.complain(kDatabaseName,
                    fmt::format("{} {} of table {} belong to no row of {}", grouped(count),
                                count == 1 ? "row" : "rows", each.table, each.owner),
                    true);
    ++damage.orphans;
  }
  const std::int64_t lost = store.database().integer(
      "SELECT count(*) FROM run WHERE dataset NOT IN "
      "(SELECT id FROM dataset)");
  if (lost > 0) {
    damage.complain(kDatabaseName,
                    fmt::format("{} {} on a data set that is not listed", grouped(lost),
                                lost == 1 ? "run is" : "runs are"),
                    false);
  }
}

// Reports changed values. Runs, compressed networks and analyses can be made again.
void examine_checksums(const SqliteReader& store, Damage& damage) {
  const Database& database = store.database();
  const auto text_of = [&](const char* sql, const std::string& owner) {
    Statement row(database, sql);
    row.bind(owner);
    std::string text = row.step() ? row.text(0) : owner;
    return printable(text, 60);
  };
  Statement of_run(database, "SELECT id FROM run WHERE CAST(id AS TEXT) = ?");
  // Skip what a reader already reported, and the checksum of a run that does not exist.
  for (const auto& [part, owner] : changed_parts(database)) {
    std::string who = fmt::format("{} ({})", parts_text({{part, owner}}), printable(owner, 60));
    bool repairable = true;
    const auto run = of_run.find(owner);
    if (part == Part::run) {
      if (!run || !damage.runs.insert(*run).second) continue;
      who = "run " + text_of("SELECT run_id FROM run WHERE id = ?", owner);
    } else if (part == Part::compression) {
      if (!run || !damage.compressed.insert(*run).second) continue;
      who = "what was pruned and quantized of run " +
            text_of("SELECT run_id FROM run WHERE id = ?", owner);
    } else if (part == Part::analysis) {
      damage.analyses.insert(owner);
    } else {
      repairable = false;
    }
    damage.complain(kDatabaseName, who + ": values changed after they were recorded", repairable);
  }
}

// Reads everything with the ordinary readers; their errors are the findings.
class Readings {
 public:
  Readings(const SqliteReader& store, Damage& damage) : store_(store), damage_(damage) {}

  void examine() {
    attempt([&] { static_cast<void>(store_.study()); });
    attempt([&] { static_cast<void>(store_.sessions()); });
    attempt([&] { static_cast<void>(store_.plan()); });
    bool are_labels_right = true;
    attempt([&] {
      for (const record::DatasetRecord& each : store_.datasets()) {
        are_labels_right &= attempt([&] { static_cast<void>(store_.labels(each.name)); });
      }
    });
    attempt([&] {
      for (const record::RunRow& row : store_.runs()) {
        if (row.result.status != record::RunStatus::planned) examine(row, are_labels_right);
      }
    });
    attempt([&] { static_cast<void>(store_.variants()); });
    for (const std::string& table : store_.table_names()) {
      attempt([&] {
        store_.table(
            table, [](const auto&) {}, [](const auto&) {});
      });
    }
  }

 private:
  /// Returns false if it throws; `on_error` decides whether the damage can be repaired.
  bool attempt(
      const std::function<void()>& reading,
      const std::function<bool()>& on_error = [] { return false; }) {
    try {
      reading();
      return true;
    } catch (const Error& error) {
      // A failure of the machine does not mean that the records are damaged.
      const bool is_damage = error.kind() == Error::Kind::input;
      return complain(problem_of(error, store_.database().path()), is_damage && on_error());
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& error) {
      return complain(error.what(), on_error());
    }
  }

  bool complain(const std::string& problem, bool repairable) {
    damage_.complain(kDatabaseName, problem, repairable);
    return false;
  }

  void examine(const record::RunRow& row, bool are_labels_right) {
    ++damage_.found.runs;
    const auto id =
        Statement(store_.database(), "SELECT id FROM run WHERE run_id = ?").find(row.id);
    if (!id) return;
    const auto train_again = [&] {
      damage_.runs.insert(*id);
      return true;
    };
    const bool is_whole = attempt(
        [&] {
          const auto history = store_.history(row.id);
          if (std::ssize(history) != row.result.epochs) {
            throw input_error(
                {"", ""}, fmt::format("run {} has {} epochs, but {} are recorded",
                                      printable(row.id, 40), row.result.epochs, history.size()));
          }
          static_cast<void>(store_.weight_summaries(row.id));
          if (are_labels_right) static_cast<void>(store_.predictions(row.id));
        },
        train_again);
    if (!is_whole || !are_labels_right) return;
    attempt(
        [&] {
          store_.outcomes(
              row.id, [](const std::string&, const record::Variant&, record::VariantOutcomes&&) {});
        },
        [&] {
          damage_.compressed.insert(*id);
          return true;
        });
  }

  const SqliteReader& store_;
  Damage& damage_;
};

// Checks pages and indices; returns false if the contents need not be examined. Checks the schema
// first, because an unchecked schema must not be evaluated.
bool examine_database(const std::filesystem::path& directory, Damage& damage) {
  check_store_files(directory);
  const Database database(directory / kDatabaseName, Database::Access::read);
  static_cast<void>(check_contents(database));
  damage.found.schema = schema_version(database);
  if (damage.found.schema == kSchemaVersion) {
    check_schema(database);
  } else {
    check_old_schema(database);
  }
  constexpr int kMostLines = 10;
  Statement row(database, fmt::format("PRAGMA integrity_check({})", kMostLines));
  bool is_whole = true;
  while (row.step()) {
    const std::string line = row.text(0);
    if (line == "ok") continue;
    refuse_faults_of_the_machine(database, line);
    is_whole = false;
    damage.complain(kDatabaseName, "the database is damaged: " + printable(line), false);
  }
  return is_whole;
}

Damage damage_of(const std::filesystem::path& directory, bool may_be_locked) {
  std::error_code error;
  if (!std::filesystem::exists(directory / kDatabaseName, error)) throw not_a_store(directory);
  Damage damage;
  damage.found.is_being_written = may_be_locked && is_being_written(directory);
  try {
    if (!examine_database(directory, damage)) return damage;
    const SqliteReader store(directory, Integrity::unchecked);
    examine_references(store, damage);
    Readings(store, damage).examine();
    examine_checksums(store, damage);
    examine_weights(store, directory, damage);
  } catch (const Error& thrown) {
    damage.complain(kDatabaseName, problem_of(thrown, directory / kDatabaseName), false);
  }
  return damage;
}

// ---- repairing -------------------------------------------------------------------------------

// Copies the log too, if there is one, because database and log belong together.
std::string copied_database(const std::filesystem::path& directory) {
  std::string name = fmt::format("{}.before-repair", kDatabaseName);
  for (int number = 2; std::filesystem::exists(directory / name); ++number) {
    name = fmt::format("{}.before-repair-{}", kDatabaseName, number);
  }
  for (const char* ending : {"-wal", ""}) {
    const std::filesystem::path from = directory / (std::string(kDatabaseName) + ending);
    std::error_code error;
    if (!std::filesystem::exists(from, error)) continue;
    std::filesystem::copy_file(from, directory / (name + ending), error);
    if (error) {
      for (const char* part : {"-wal", ""}) {
        std::error_code ignored;
        std::filesystem::remove(directory / (name + part), ignored);
      }
      errno = error.value();
      throw_file_error(directory / (name + ending), "cannot be written");
    }
  }
  return name;
}

void repair_rows(const Database& database, const Damage& damage) {
  Transaction transaction(database);
  unrecord(database, std::vector(damage.runs.begin(), damage.runs.end()));
  forget_variants(database, std::vector(damage.compressed.begin(), damage.compressed.end()));
  for (const std::string& name : damage.analyses) forget_analysis(database, name);
  // Deleting a row may orphan others. The order of kBelongings makes one pass sufficient.
  for (const Belonging& each : kBelongings) database.execute("DELETE FROM " + ownerless(each));
  database.execute("DELETE FROM weight_file WHERE number NOT IN (SELECT file FROM weight)");
  transaction.commit();
}

std::string several(std::size_t count, const char* one, const char* many) {
  return fmt::format("{} {}", grouped(static_cast<std::int64_t>(count)), count == 1 ? one : many);
}

void carry_out(const std::filesystem::path& directory, const Damage& damage, Repair& repair) {
  repair.copy = copied_database(directory);
  const Database database(directory / kDatabaseName, Database::Access::write);
  update_schema(database);
  repair_rows(database, damage);
  Weights weights(database, directory, kWeightsFileBytes);
  weights.recover();
  std::set<std::int64_t> headers;
  for (const std::int64_t number : damage.headers) {
    if (Statement(database, "SELECT 1 FROM weight_file WHERE number = ?").find(number)) {
      headers.insert(number);
    }
  }
  if (!headers.empty()) weights.rewrite(headers);

  repair.runs = std::ssize(damage.runs);
  repair.compressions = std::ssize(damage.compressed);
  const auto done = [&](std::size_t count, const std::string& sentence) {
    if (count > 0) repair.done.push_back(sentence);
  };
  done(damage.runs.size(), several(damage.runs.size(), "run is", "runs are") + " planned again");
  done(damage.compressed.size(),
       several(damage.compressed.size(), "run", "runs") + " will be pruned and quantized again");
  done(damage.analyses.size(), several(damage.analyses.size(), "analysis is", "analyses are") +
                                   " gone; minima analyze makes them again");
  done(damage.orphans, "rows that belong to nothing are gone");
  done(headers.size(), several(headers.size(), "file", "files") + " of weights written again");
  done(damage.strays.size(),
       several(damage.strays.size(), "stray file", "stray files") + " removed");
}

}  // namespace

void Damage::complain(const std::string& file, const std::string& problem, bool repairable) {
  found.complaints.push_back({file, problem, repairable});
}

Examination examine(const std::filesystem::path& directory) {
  return damage_of(directory, true).found;
}

Repair repair(const std::filesystem::path& directory) {
  std::error_code error;
  if (!std::filesystem::exists(directory / kDatabaseName, error)) throw not_a_store(directory);
  const Lock lock(directory);
  const Damage damage = damage_of(directory, false);
  Repair repair{.copy = "", .done = {}, .left = damage.found};
  const bool is_worth_it = std::ranges::any_of(damage.found.complaints, &Complaint::repairable);
  if (!is_worth_it) return repair;
  carry_out(directory, damage, repair);
  repair.left = damage_of(directory, false).found;
  return repair;
}

}  // namespace minima::store
