// Merging goes through the writer and the readers, run by run: the same rules hold as for a run
// that has just been trained.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "core/error.h"
#include "store/sqlite_reader.h"
#include "store/sqlite_writer.h"

namespace minima::store {
namespace {

using Readers = std::vector<std::unique_ptr<SqliteReader>>;

// The runs of both, each once, in an order that keeps the order of either where they agree: a run
// that `plan` lacks comes after the run before it in `other`.
std::vector<PlannedRun> united(std::vector<PlannedRun> plan, std::vector<PlannedRun> other) {
  std::unordered_set<std::string> known;
  for (const PlannedRun& run : plan) known.insert(run.id);
  std::unordered_map<std::string, std::vector<PlannedRun>> after;
  std::string anchor;  // empty: before all others
  for (PlannedRun& run : other) {
    if (known.contains(run.id)) {
      anchor = run.id;
    } else {
      after[anchor].push_back(std::move(run));
    }
  }
  if (anchor.empty()) {  // nothing in common
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

// What the stores share, put together and checked store by store so that a message can name it.
struct Union {
  StudyRecord study;
  std::map<std::string, std::string> checksums;
  std::vector<DatasetRecord> datasets;
  std::vector<PlannedRun> plan;
  std::string first;  ///< the store that set the training settings
};

void add(Union& all, const SqliteReader& store, const std::string& name) {
  const StudyRecord study = store.study();
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
  for (DatasetRecord& dataset : store.datasets()) {
    const auto [checksum, is_new] = all.checksums.try_emplace(dataset.name, dataset.checksum);
    dataset.labels = store.labels(dataset.name).value_or(DatasetLabels{});
    if (checksum->second != dataset.checksum) {
      throw input_error({name, ""},
                        fmt::format("its {} differs from that of {}", printable(dataset.name),
                                    printable(all.first)),
                        "merge only stores trained on the same data");
    }
    if (is_new) {
      all.datasets.push_back(std::move(dataset));
    } else if (!dataset.labels.empty()) {
      std::ranges::find(all.datasets, dataset.name, &DatasetRecord::name)->labels =
          std::move(dataset.labels);
    }
  }
  all.plan = united(std::move(all.plan), store.plan());
}

std::unordered_set<std::string> set_of(const std::vector<std::string>& ids) {
  return {ids.begin(), ids.end()};
}

// Of a run that is there already, predictions are taken where it has none: which store comes first
// does not matter.
void copy_runs(const SqliteReader& from, SqliteWriter& to) {
  const auto known = set_of(to.recorded());
  const auto without_predictions = set_of(to.without_predictions());
  for (RunRow& row : from.runs()) {
    if (row.result.status == study::RunStatus::planned) continue;
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
    to.record_row(row.id, row.result, tensors);
  }
}

void copy_compressions(const SqliteReader& from, SqliteWriter& to) {
  from.compressions([&](SqliteReader::RecordedTask&& recorded) {
    to.record_task(recorded.task, recorded.variants, recorded.seconds, recorded.schema);
  });
}

void copy_sessions(const SqliteReader& from, SqliteWriter& to) {
  for (const SessionRecord& session : from.sessions()) to.keep(session);
}

bool holds_study(const SqliteReader& store) {
  bool found = false;
  store.table(
      "studies", [](const auto&) {}, [&](const auto&) { found = true; });
  return found;
}

}  // namespace

void merge(const std::filesystem::path& out, std::span<const std::filesystem::path> stores) {
  if (stores.empty()) throw input_error({}, "no stores to merge", "name at least one");
  std::error_code missing;
  Union all;
  Readers readers;
  for (const std::filesystem::path& path : stores) {
    if (std::filesystem::equivalent(out, path, missing)) {
      throw input_error({path.string(), ""}, "a store cannot be merged into itself",
                        "give another folder to write to");
    }
    readers.push_back(std::make_unique<SqliteReader>(path));
  }
  // Read before anything is written: a refused merge leaves `out` as it was.
  if (std::filesystem::exists(out / "runs.sqlite", missing)) {
    const SqliteReader existing(out);
    if (holds_study(existing)) add(all, existing, out.string());
  }
  for (std::size_t i = 0; i < stores.size(); ++i) add(all, *readers[i], stores[i].string());

  SqliteWriter writer(out, {});
  writer.begin_rows(all.study, all.datasets, all.plan);
  for (const auto& reader : readers) {
    copy_runs(*reader, writer);
    copy_compressions(*reader, writer);
    copy_sessions(*reader, writer);
  }
  writer.seal();
}

}  // namespace minima::store
