// A merge uses the ordinary readers and writer, run by run, so that the same rules hold as for a
// run that was just trained.
#include "store/upkeep/merge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "core/error.h"
#include "core/text.h"
#include "record/predictions.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/session.h"
#include "record/study.h"
#include "store/database/sqlite_open.h"
#include "store/database/sqlite_schema.h"
#include "store/records/sqlite_checksums.h"
#include "store/records/sqlite_reader.h"
#include "store/records/sqlite_writer.h"
#include "store/upkeep/merge_check.h"

namespace minima::store {
namespace {

using Readers = std::vector<std::unique_ptr<SqliteReader>>;

// The union of both plans, in an order that keeps the order of each if the two agree. A run missing
// from `plan` follows its predecessor in `other`.
std::vector<PlannedRun> united(std::vector<PlannedRun> plan, std::vector<PlannedRun> other) {
  std::unordered_set<std::string> known;
  for (const PlannedRun& run : plan) known.insert(run.id);
  std::unordered_map<std::string, std::vector<PlannedRun>> after;
  std::string anchor;  // empty: the run precedes all others
  for (PlannedRun& run : other) {
    if (known.contains(run.id)) {
      anchor = run.id;
    } else {
      after[anchor].push_back(std::move(run));
    }
  }
  if (anchor.empty()) {  // the plans have no run in common
    std::move(after[""].begin(), after[""].end(), std::back_inserter(plan));
    return plan;
  }
  std::vector<PlannedRun> all = std::move(after[""]);
  for (PlannedRun& run : plan) {
    const auto followers = after.find(run.id);
    all.push_back(std::move(run));
    if (followers == after.end()) continue;
    std::move(followers->second.begin(), followers->second.end(), std::back_inserter(all));
  }
  return all;
}

// The common study, datasets and plan. Stores are added and checked one at a time, so that a
// message can name the store at fault.
struct Union {
  record::StudyRecord study;
  std::map<std::string, std::string> checksums;
  std::vector<record::DatasetRecord> datasets;
  std::vector<PlannedRun> plan;
  std::string first;  ///< the store that set the training settings
};

void add(Union& all, const SqliteReader& store, const std::string& name) {
  const record::StudyRecord study = store.study();
  if (all.first.empty()) {
    all.first = name;
    all.study = study;
    all.study.shard.clear();
  } else if (study.train != all.study.train) {
    throw input_error(
        {name, ""},
        fmt::format("holds runs trained with \"{}\", {} with \"{}\"", printable(study.train),
                    printable(all.first), printable(all.study.train)),
        "merge only stores of one study");
  }
  for (record::DatasetRecord& dataset : store.datasets()) {
    const auto [checksum, is_new] = all.checksums.try_emplace(dataset.name, dataset.checksum);
    dataset.labels = store.labels(dataset.name).value_or(record::DatasetLabels{});
    if (checksum->second != dataset.checksum) {
      throw input_error({name, ""},
                        fmt::format("its {} differs from that of {}", printable(dataset.name),
                                    printable(all.first)),
                        "merge only stores trained on the same data");
    }
    if (is_new) {
      all.datasets.push_back(std::move(dataset));
      continue;
    }
    record::DatasetRecord& known =
        *std::ranges::find(all.datasets, dataset.name, &record::DatasetRecord::name);
    if (!dataset.labels.empty()) known.labels = std::move(dataset.labels);
    if (known.notes.empty()) known.notes = std::move(dataset.notes);
  }
  all.plan = united(std::move(all.plan), store.plan());
}

// Merged values get new checksums, so a changed value would afterwards look intact.
void refuse_changed(const SqliteReader& store, const std::string& name) {
  const std::string parts = store.changed_values();
  if (parts.empty()) return;
  throw input_error({name, ""}, fmt::format("values of {} changed after they were recorded", parts),
                    "minima doctor names them, and --repair plans their runs again");
}

std::unordered_set<std::string> set_of(const std::vector<std::string>& ids) {
  return {ids.begin(), ids.end()};
}

// A run that already exists only takes predictions if it has none. The result therefore does not
// depend on the order of the stores.
void copy_runs(const SqliteReader& from, SqliteWriter& to) {
  const auto known = set_of(to.recorded());
  const auto without_predictions = set_of(to.without_predictions());
  for (record::RunRow& row : from.runs()) {
    if (row.result.status == record::RunStatus::planned) continue;
    if (known.contains(row.id)) {
      if (!without_predictions.contains(row.id)) continue;
      row.result.predictions = from.predictions(row.id);
      to.add_predictions(row.id, row.result);
      continue;
    }
    row.result.history = from.history(row.id);
    row.result.weights = from.weight_summaries(row.id);
    row.result.predictions = from.predictions(row.id);
    const auto weights = from.weights(row.id);
    std::vector<NamedTensor> tensors;
    for (const Reader::StoredTensor& tensor : weights) {
      tensors.push_back({tensor.spec, tensor.values});
    }
    to.record_row(row, tensors);
  }
}

void copy_compressions(const SqliteReader& from, SqliteWriter& to) {
  from.compressions([&](RecordedTask&& recorded) { to.record_task(recorded); });
}

void copy_sessions(const SqliteReader& from, SqliteWriter& to) {
  for (const record::SessionRecord& session : from.sessions()) to.copy_session(session);
}

bool holds_study(const SqliteReader& store) {
  bool found = false;
  store.table(
      "studies", [](const auto&) {}, [&](const auto&) { found = true; });
  return found;
}

// Collects how the studies of the stores differ from the first one.
class Strangers {
 public:
  void add(const SqliteReader& store, const std::string& name) {
    Traits traits{.study = store.study().name, .datasets = {}, .architectures = {}};
    for (const PlannedRun& run : store.plan()) {
      traits.datasets.insert(run.dataset);
      traits.architectures.insert(run.architecture);
    }
    if (!first_) {
      first_ = std::move(traits);
      return;
    }
    std::string aspects;
    const auto compare = [&](const auto& a, const auto& b, const char* aspect) {
      if (a != b) aspects += (aspects.empty() ? "" : ", ") + std::string(aspect);
    };
    compare(first_->study, traits.study, "name");
    compare(first_->datasets, traits.datasets, "data sets");
    compare(first_->architectures, traits.architectures, "architectures");
    if (!aspects.empty()) {
      differences_ += fmt::format("{}{} ({})", differences_.empty() ? "" : "; ", name, aspects);
    }
  }

  /// Empty: the studies do not differ.
  [[nodiscard]] std::string sentence(const std::string& first) const {
    if (differences_.empty()) return "";
    return fmt::format("merged stores of different studies: {} differs from {}, whose name is kept",
                       differences_, first);
  }

 private:
  struct Traits {
    std::string study;
    std::set<std::string> datasets;
    std::set<std::string> architectures;
  };
  std::optional<Traits> first_;
  std::string differences_;
};

// Collects what computed the results of the stores.
class Backends {
 public:
  void add(const SqliteReader& store, const std::string& name) {
    for (const record::BackendUse& use : store.backends()) stores_[use.backend].push_back(name);
  }

  /// Empty: one backend computed everything that says what computed it.
  [[nodiscard]] std::string sentence() const {
    if (stores_.size() < 2) return "";
    std::string parts;
    for (const auto& [backend, names] : stores_) {
      parts += fmt::format("{}{} ({})", parts.empty() ? "" : ", ", printable(backend.text()),
                           fmt::join(names, ", "));
    }
    return "merged results of different backends or instruction sets, which differ in their last "
           "bits: " +
           parts;
  }

 private:
  std::map<record::BackendRecord, std::vector<std::string>> stores_;
};

// What is known about all stores after they were found intact and compatible.
struct Checked {
  Union all;
  SharedResults results;
  Strangers strangers;
  Backends backends;

  void add(const SqliteReader& store, const std::string& name,
           UnsealedWeights unsealed = UnsealedWeights::checked) {
    minima::store::add(all, store, name);
    check_whole(store, name, unsealed);
    results.add(store, name);
    strangers.add(store, name);
    backends.add(store, name);
  }

  [[nodiscard]] std::vector<std::string> sentences() const {
    std::vector<std::string> all_of_them;
    if (std::string sentence = strangers.sentence(all.first); !sentence.empty()) {
      all_of_them.push_back(std::move(sentence));
    }
    if (std::string sentence = backends.sentence(); !sentence.empty()) {
      all_of_them.push_back(std::move(sentence));
    }
    if (const std::int64_t differing = results.differing(); differing > 0) {
      all_of_them.push_back(fmt::format(
          "{} {} recorded with other figures in several stores, as processors round differently; "
          "those of the first are kept",
          grouped(differing), differing == 1 ? "run is" : "runs are"));
    }
    return all_of_them;
  }
};

}  // namespace

void merge(const std::filesystem::path& out, std::span<const std::filesystem::path> stores) {
  merge(out, stores, [](const std::string&) {});
}

void merge(const std::filesystem::path& out, std::span<const std::filesystem::path> stores,
           const std::function<void(const std::string&)>& say) {
  if (stores.empty()) throw input_error({}, "no stores to merge", "name at least one");
  std::error_code missing;
  Readers readers;
  for (const std::filesystem::path& path : stores) {
    if (std::filesystem::equivalent(out, path, missing)) {
      throw input_error({path.string(), ""}, "a store cannot be merged into itself",
                        "give another folder to write to");
    }
    readers.push_back(std::make_unique<SqliteReader>(path));
  }
  // Read everything before writing anything, so that a refused merge leaves `out` unchanged.
  Checked checked;
  // A merge that was killed or met a full disk can leave an empty database, which is not a store
  // yet.
  if (!holds_nothing(out)) {
    const SqliteReader existing(out);
    if (holds_study(existing)) {
      checked.add(existing, out.string(), UnsealedWeights::left_to_the_writer);
      refuse_changed(existing, out.string());
    }
  }
  for (std::size_t i = 0; i < stores.size(); ++i) checked.add(*readers[i], stores[i].string());
  for (std::size_t i = 0; i < stores.size(); ++i) refuse_changed(*readers[i], stores[i].string());

  SqliteWriter writer(out, {});
  writer.begin_rows(checked.all.study, checked.all.datasets, checked.all.plan);
  for (const auto& reader : readers) {
    copy_runs(*reader, writer);
    copy_compressions(*reader, writer);
    copy_sessions(*reader, writer);
  }
  writer.seal();
  for (const std::string& sentence : checked.sentences()) say(sentence);
}

}  // namespace minima::store
