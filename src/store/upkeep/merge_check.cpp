#include "store/upkeep/merge_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "core/error.h"
#include "record/study.h"
#include "statistics/estimates/training_noise.h"

namespace minima::store {
namespace {

Error broken(const std::string& name, const std::string& problem) {
  return input_error({name, ""}, problem, fmt::format("`minima doctor {}` checks the store", name));
}

bool is_equal(const record::RunResult& a, const record::RunResult& b) {
  return a.status == b.status && a.epochs == b.epochs && a.diverged_step == b.diverged_step &&
         is_same(a.train_loss, b.train_loss) && is_same(a.train_accuracy, b.train_accuracy) &&
         is_same(a.test_loss, b.test_loss) && is_same(a.test_accuracy, b.test_accuracy) &&
         is_same(a.validation_accuracy, b.validation_accuracy);
}

// A difference in divergence counts as rounding, because a rounding error can decide whether
// training diverges.
bool is_explained_by_rounding(const record::RunResult& a, const record::RunResult& b,
                              std::int64_t test_images) {
  if (a.status != b.status || a.status != record::RunStatus::finished) return true;
  if (a.epochs != b.epochs) return false;
  const double most = static_cast<double>(retrained_difference(test_images)) /
                      static_cast<double>(std::max<std::int64_t>(1, test_images));
  return std::abs(a.test_accuracy - b.test_accuracy) <= most;  // false for NaN
}

std::unordered_set<std::string> runs_in_parts(const SqliteReader& store) {
  std::unordered_set<std::string> runs;
  Statement row(store.database(),
                "SELECT DISTINCT run.run_id FROM run JOIN weight ON weight.run = run.id "
                "JOIN weight_file ON weight_file.number = weight.file WHERE sealed = 0");
  while (row.step()) runs.insert(row.text(0));
  return runs;
}

}  // namespace

void check_whole(const SqliteReader& store, const std::string& name, UnsealedWeights unsealed) {
  std::unordered_set<std::string> left;
  if (unsealed == UnsealedWeights::left_to_the_writer) left = runs_in_parts(store);
  std::unordered_set<std::string> planned;
  for (const PlannedRun& run : store.plan()) planned.insert(run.id);
  for (const record::RunRow& row : store.runs()) {
    if (row.result.status == record::RunStatus::planned) continue;
    static_cast<void>(store.history(row.id));
    static_cast<void>(store.weight_summaries(row.id));
    static_cast<void>(store.predictions(row.id));
    if (!left.contains(row.id)) static_cast<void>(store.weights(row.id));
  }
  store.compressions([&](RecordedTask&& recorded) {
    if (planned.contains(recorded.task.run_id)) return;
    throw broken(name, fmt::format("run {} is compressed but not planned",
                                   printable(recorded.task.run_id, 40)));
  });
  static_cast<void>(store.sessions());
}

void SharedResults::add(const SqliteReader& store, const std::string& name) {
  names_.push_back(name);
  for (const record::DatasetRecord& each : store.datasets())
    test_images_[each.name] = each.test_count;
  for (record::RunRow& row : store.runs()) {
    if (row.result.status == record::RunStatus::planned) continue;
    const auto [known, is_new] = runs_.try_emplace(row.id, Known{names_.size() - 1, row.result});
    if (!is_new) compare(known->second, row, name);
  }
}

void SharedResults::compare(Known& known, const record::RunRow& row, const std::string& name) {
  if (is_equal(known.result, row.result)) return;
  if (!is_explained_by_rounding(known.result, row.result, test_images_[row.dataset])) {
    throw input_error(
        {name, "run " + printable(row.id, 40)},
        fmt::format("its accuracy is {:.4f} after {} epochs, in {} it is {:.4f} after {}: rounding "
                    "does not explain that",
                    row.result.test_accuracy, row.result.epochs, names_[known.store],
                    known.result.test_accuracy, known.result.epochs),
        "leave out the store that is wrong; `minima doctor` checks one");
  }
  if (!known.differs) ++differing_;
  known.differs = true;
}

}  // namespace minima::store
