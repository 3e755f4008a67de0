#include <fcntl.h>
#include <fmt/format.h>

#include "core/error.h"
#include "core/text.h"
#include "store/database/sqlite_schema.h"
#include "store/records/sqlite_weights.h"
#include "store/upkeep/sqlite_doctor.h"

namespace minima::store {
namespace {

// Checks one file of the index: that it exists, is long enough and holds the recorded values.
class FileExamination {
 public:
  FileExamination(const SqliteReader& store, const std::filesystem::path& directory,
                  std::int64_t number, bool sealed, Damage& damage)
      : store_(store),
        number_(number),
        sealed_(sealed),
        name_(weights_file_name(number, sealed)),
        path_(directory / name_),
        damage_(damage) {}

  void examine() {
    std::error_code missing;
    const auto size = std::filesystem::file_size(path_, missing);
    if (missing) return examine_lost();
    try {
      const PosixFile file(path_, O_RDONLY);
      if (sealed_) examine_header(file);
      examine_values(file, size);
    } catch (const Error& error) {
      damage_.complain(name_, problem_of(error, path_), false);
    }
  }

 private:
  void examine_lost() {
    std::set<std::int64_t> runs;
    for_each_tensor([&](const IndexedTensor& tensor) { runs.insert(tensor.run); });
    if (runs.empty()) return;
    damage_.complain(name_,
                     fmt::format("is missing: {} {} lost their weights", grouped(ssize(runs)),
                                 runs.size() == 1 ? "run" : "runs"),
                     true);
    damage_.runs.merge(runs);
  }

  void examine_header(const PosixFile& file) {
    try {
      const auto unlisted = store_.stored_weights().runs_with_unlisted(file, number_);
      if (!unlisted.empty()) {
        damage_.complain(
            kDatabaseName,
            fmt::format("lacks tensors of {} {} that {} holds", grouped(std::ssize(unlisted)),
                        unlisted.size() == 1 ? "run" : "runs", name_),
            true);
        damage_.runs.insert(unlisted.begin(), unlisted.end());
        damage_.headers.insert(number_);
        return;
      }
      store_.stored_weights().check_header(file, number_);
    } catch (const Error& error) {
      if (error.kind() != Error::Kind::input) throw;  // a failing disk, not a damaged file
      damage_.complain(name_, problem_of(error, path_), true);
      damage_.headers.insert(number_);
    }
  }

  // Reports one line per run, for its first damaged tensor.
  void examine_values(const PosixFile& file, std::uint64_t size) {
    std::set<std::int64_t> cut;
    for_each_tensor([&](const IndexedTensor& tensor) {
      ++damage_.found.tensors;
      if (!tensor.record.can_be_checked()) ++damage_.found.unverified;
      if (damage_.runs.contains(tensor.run) || cut.contains(tensor.run)) return;
      if (tensor.byte + sizeof(float) * static_cast<std::uint64_t>(tensor.count) > size) {
        cut.insert(tensor.run);
        return;
      }
      try {
        store_.stored_weights().check_values(file, tensor);
      } catch (const Error& error) {
        if (error.kind() != Error::Kind::input) throw;  // a failing disk, not damaged values
        damage_.complain(name_, problem_of(error, path_), true);
        damage_.runs.insert(tensor.run);
      }
    });
    if (cut.empty()) return;
    damage_.complain(name_,
                     fmt::format("is too short: {} {} lost their weights", grouped(ssize(cut)),
                                 cut.size() == 1 ? "run" : "runs"),
                     true);
    damage_.runs.merge(cut);
  }

  template <typename Function>
  void for_each_tensor(const Function& function) {
    Statement row(store_.database(),
                  select_indexed_tensors() + "WHERE weight.file = ? ORDER BY weight.offset");
    row.bind(number_);
    while (row.step()) function(indexed_tensor(row));
  }

  const SqliteReader& store_;
  std::int64_t number_;
  bool sealed_;
  std::string name_;
  std::filesystem::path path_;
  Damage& damage_;
};

}  // namespace

void examine_weights(const SqliteReader& store, const std::filesystem::path& directory,
                     Damage& damage) {
  Statement file(store.database(), "SELECT number, sealed FROM weight_file ORDER BY number");
  while (file.step()) {
    FileExamination(store, directory, file.integer(0), file.integer(1) != 0, damage).examine();
  }
  Statement nowhere(store.database(),
                    "SELECT DISTINCT run FROM weight WHERE file NOT IN "
                    "(SELECT number FROM weight_file)");
  while (nowhere.step()) {
    if (damage.runs.insert(nowhere.integer(0)).second) {
      damage.complain(kDatabaseName,
                      fmt::format("the weights of the run in row {} lie in a file that is not "
                                  "listed",
                                  nowhere.integer(0)),
                      true);
    }
  }
  Statement gap(store.database(),
                "SELECT run FROM weight GROUP BY run HAVING min(tensor) <> 0 OR "
                "max(tensor) <> count(*) - 1");
  while (gap.step()) {
    if (damage.runs.insert(gap.integer(0)).second) {
      damage.complain(kDatabaseName,
                      fmt::format("lacks tensors of the run in row {}", gap.integer(0)), true);
    }
  }
  if (damage.found.is_being_written) return;
  damage.strays = stray_files(store.database(), directory);
  for (const std::filesystem::path& stray : damage.strays) {
    damage.complain(stray.filename().string(), "is not listed in runs.sqlite: a stray file", true);
  }
}

}  // namespace minima::store
