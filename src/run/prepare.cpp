#include "run/prepare.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "core/error.h"
#include "study/layers.h"

namespace minima::run {
namespace {

data::Source source_of(const study::DatasetText& dataset) {
  try {
    return data::parse_source(dataset.text);
  } catch (const Error& error) {
    // The notation knows what is wrong, the study file knows where it stands.
    throw input_error(dataset.place, error.what());
  }
}

void refuse_impossible(const study::Study& study, const store::DatasetRecord& dataset) {
  const Place place{dataset.name, ""};
  if (dataset.problem.classes < 2) {
    throw input_error(place, "has fewer than two classes", "give it at least two to tell apart");
  }
  if (dataset.test_count == 0) {
    throw input_error(place, "has no test images",
                      "add a test split, or take a larger share for testing");
  }
  if (study.train.batch > dataset.train_count) {
    throw input_error({study.file, "train.batch"},
                      fmt::format("a batch of {} is more than the {} training images of \"{}\"",
                                  study.train.batch, dataset.train_count, dataset.name),
                      fmt::format("set it to at most {}", dataset.train_count));
  }
}

}  // namespace

Prepared prepare(study::Study study, const Loader& loader,
                 const std::optional<study::Shard>& shard) {
  Prepared prepared{.study = std::move(study),
                    .shard = shard,
                    .plan = {},
                    .runs = {},
                    .datasets = std::make_unique<DatasetPool>(loader)};
  // All names first: a misspelt last one is not found out after minutes of loading the others.
  std::vector<data::Source> sources;
  for (const auto& dataset : prepared.study.datasets) sources.push_back(source_of(dataset));
  std::vector<std::string> names;
  for (const data::Source& source : sources) {
    names.push_back(prepared.datasets->add(source));
    refuse_impossible(prepared.study, prepared.datasets->record(names.back()));
  }
  const auto problem_of = [&](const std::string& name) {
    return prepared.datasets->record(name).problem;
  };
  prepared.plan = study::expand(prepared.study, names, problem_of);
  prepared.runs = shard ? study::runs_of_shard(prepared.plan, *shard, problem_of) : prepared.plan;
  return prepared;
}

std::vector<PlannedArchitecture> architectures_of(const Prepared& prepared) {
  std::vector<PlannedArchitecture> planned;
  std::map<std::pair<std::string, std::string>, std::size_t> index;
  for (const study::Run& run : prepared.runs) {
    std::string text = run.architecture.text();
    const auto [at, is_new] = index.try_emplace({run.dataset, text}, planned.size());
    if (is_new) {
      const Problem problem = prepared.datasets->record(run.dataset).problem;
      planned.push_back({.dataset = run.dataset,
                         .architecture = std::move(text),
                         .family = run.architecture.family(),
                         .parameters = study::parameter_count(run.architecture, problem),
                         .runs = 0});
    }
    ++planned[at->second].runs;
  }
  return planned;
}

}  // namespace minima::run
