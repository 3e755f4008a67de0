#include "analysis/status.h"

#include <map>

namespace minima::analysis {
namespace {

void count(const store::RunRow& run, Counts& counts) {
  ++counts.planned;
  if (run.result.status == study::RunStatus::finished) ++counts.finished;
  if (run.result.status == study::RunStatus::diverged) ++counts.diverged;
}

}  // namespace

Status status_of(const store::Reader& store) {
  Status status{.study = store.study(), .runs = {}, .datasets = {}, .variants = 0};
  std::map<std::string, std::size_t> index;
  for (const store::DatasetRecord& record : store.datasets()) {
    index.emplace(record.name, status.datasets.size());
    status.datasets.push_back({.dataset = record, .runs = {}});
  }
  for (const store::RunRow& run : store.runs()) {
    count(run, status.runs);
    count(run, status.datasets[index.at(run.dataset)].runs);
  }
  status.variants = static_cast<std::int64_t>(store.variants().size());
  return status;
}

}  // namespace minima::analysis
