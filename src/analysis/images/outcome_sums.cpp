#include "analysis/images/outcome_sums.h"

#include "analysis/images/outcome_context.h"
#include "record/predictions.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"

namespace minima::analysis {
namespace {

/// The runs of an architecture that the predictions must contain.
struct Expected {
  std::int64_t finished = 0;
  std::int64_t diverged = 0;
};

}  // namespace

OutcomeSums outcome_sums_of(const Population& population, const OutcomeSource& source,
                            const std::set<ArchitectureKey>& wanted) {
  if (!source.labels || !source.predictions) return {};
  std::map<std::string, record::DatasetLabels> labels;
  std::map<std::string, std::size_t> classes;
  for (const record::DatasetRecord& dataset : population.datasets) {
    if (auto of = source.labels(dataset.name); of && of->test.size() > 1) {
      labels.emplace(dataset.name, std::move(*of));
      classes[dataset.name] = static_cast<std::size_t>(dataset.problem.classes);
    }
  }
  std::map<std::string, ArchitectureKey> keys;  // by run
  std::map<ArchitectureKey, Expected> expected;
  for (const record::RunRow& run : population.runs) {
    const ArchitectureKey key{run.dataset, run.architecture};
    if (run.result.status == record::RunStatus::planned) continue;
    if (!wanted.contains(key) || !labels.contains(run.dataset)) continue;
    const bool finished = run.result.status == record::RunStatus::finished;
    ++(finished ? expected[key].finished : expected[key].diverged);
    if (finished) keys.emplace(run.id, key);
  }
  OutcomeSums sums;
  const auto sums_at = [&](const ArchitectureKey& key) -> TwoWaySums& {
    return sums.try_emplace(key, labels.at(key.first).test.size()).first->second;
  };
  source.predictions([&](const std::string& run, record::RunPredictions&& one) {
    const auto key = keys.find(run);
    if (key == keys.end()) return;
    const auto& truth = labels.at(key->second.first).test;
    if (one.test.size() == truth.size()) sums_at(key->second).add(right_of(truth, one.test));
  });
  for (const auto& [key, runs] : expected) {
    const auto found = sums.find(key);
    const auto have =
        found == sums.end() ? 0 : static_cast<std::int64_t>(found->second.replicate_sums().size());
    if (have != runs.finished) {
      sums.erase(key);
      continue;
    }
    const auto& truth = labels.at(key.first).test;
    std::vector<std::vector<std::uint16_t>> constant;
    add_constant_rows(truth, classes.at(key.first), runs.diverged, constant);
    for (const auto& row : constant) sums_at(key).add(right_of(truth, row));
  }
  return sums;
}

}  // namespace minima::analysis
