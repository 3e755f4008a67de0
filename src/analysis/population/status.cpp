#include "analysis/population/status.h"

#include <map>
#include <ranges>
#include <set>
#include <string>

namespace minima::analysis {
namespace {

void count(const record::RunRow& run, Counts& counts) {
  ++counts.planned;
  if (run.result.status == record::RunStatus::finished) ++counts.finished;
  if (run.result.status == record::RunStatus::diverged) ++counts.diverged;
}

}  // namespace

bool has_work_left(std::span<const record::SessionRecord> sessions) {
  std::set<std::string> made_up;
  for (std::size_t i = sessions.size(); i-- > 0;) {
    const record::SessionRecord& session = sessions[i];
    const bool is_last = made_up.insert(session.shard).second;
    if (is_last && (session.ended.empty() || session.compression_left.value_or(1) > 0)) return true;
    if (session.shard.empty()) return false;
  }
  return false;
}

Status status_of(const store::Reader& store) {
  Status status{.study = store.study(), .runs = {}, .datasets = {}, .variants = 0};
  std::map<std::string, std::size_t> index;
  for (const record::DatasetRecord& record : store.datasets()) {
    index.emplace(record.name, status.datasets.size());
    status.datasets.push_back({.dataset = record, .runs = {}});
  }
  for (const record::RunRow& run : store.runs()) {
    count(run, status.runs);
    count(run, status.datasets[index.at(run.dataset)].runs);
  }
  status.variants = static_cast<std::int64_t>(store.variants().size());
  const std::vector<record::SessionRecord> sessions = store.sessions();
  status.work_left = status.runs.missing() == 0 && has_work_left(sessions);
  status.left_out = record::left_out(sessions);
  status.backends = store.backends();
  status.lacks = store.lacks();
  status.changed = store.changed_values();
  return status;
}

}  // namespace minima::analysis
