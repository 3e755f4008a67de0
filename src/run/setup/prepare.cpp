#include "run/setup/prepare.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "compress/prune/pruning_mask.h"
#include "core/error.h"
#include "core/text.h"
#include "network/families/lower.h"
#include "record/study.h"

namespace minima::run {
namespace {

/// The reader of a dataset knows the fault; the study file knows the line that requested it.
template <typename Read>
auto at_place(const Place& place, const Read& read) {
  try {
    return read();
  } catch (const Error& error) {
    if (error.kind() != Error::Kind::input) throw;
    throw input_error(place, error.what());
  }
}

/// The folder in which the paths of a study start; empty (the working folder) if the study was not
/// read from a regular file.
std::filesystem::path folder_of(const std::string& file) {
  std::error_code error;
  const bool is_file = std::filesystem::is_regular_file(file, error);
  return is_file ? std::filesystem::path(file).parent_path() : std::filesystem::path();
}

data::Source source_of(const study::DatasetText& dataset, const std::filesystem::path& folder) {
  return at_place(dataset.place, [&] { return data::parse_source(dataset.text, folder); });
}

void refuse_impossible(const record::DatasetRecord& dataset, const Place& place) {
  const auto refuse = [&](const std::string& problem, const std::string& hint) {
    return input_error(place, fmt::format("{}: {}", printable(dataset.name), problem), hint);
  };
  if (dataset.problem.classes < 2) {
    throw refuse("has fewer than two classes", "a classification task needs at least two");
  }
  if (dataset.test_count == 0) {
    throw refuse("has no test images", "add a test split, or use a larger fraction for testing");
  }
}

void note_large_batch(const study::TrainSettings& train, const std::string& name,
                      DatasetPool& datasets) {
  const std::int64_t images = datasets.record(name).train_count;
  if (train.batch <= images) return;
  datasets.add_note(name, fmt::format("train.batch = {} is more than the {} training images, so "
                                      "each step takes all of them",
                                      train.batch, grouped(images)));
}

/// A misspelt name would silently exclude its dataset from the claims about harder data.
void refuse_unknown_order(const study::Study& study, const std::vector<std::string>& names) {
  if (study.analysis.difficulty_order.empty()) return;
  for (const std::string& part : split(study.analysis.difficulty_order, ',')) {
    const std::string name(trim(part));
    if (std::ranges::find(names, name) != names.end()) continue;
    throw input_error(
        study.difficulty_place,
        fmt::format("difficulty_order names \"{}\", which is not a dataset of the study",
                    printable(name, 80)),
        suggestion(name, names));
  }
}

/// Refuses layer names that no architecture of the study has.
void refuse_unknown_layers(const Prepared& prepared, const std::vector<std::string>& names,
                           const std::string& option) {
  std::set<std::string> unknown(names.begin(), names.end());
  std::set<std::string> layers;
  std::set<std::string> seen;
  for (const study::Run& run : prepared.plan) {
    if (unknown.empty()) return;
    if (!seen.insert(run.dataset + "\n" + run.architecture.text()).second) continue;
    const network::Graph graph =
        network::graph_of(run.architecture, prepared.datasets->record(run.dataset).problem);
    for (const network::Layer& layer : graph.layers) layers.insert(layer.name);
    const auto left = compress::unmatched_names(graph, names);
    const std::set<std::string> unmatched(left.begin(), left.end());
    std::erase_if(unknown, [&](const std::string& name) { return !unmatched.contains(name); });
  }
  if (unknown.empty()) return;
  throw input_error({prepared.study.file, option},
                    fmt::format("no architecture has a layer \"{}\"", printable(*unknown.begin())),
                    suggestion(*unknown.begin(), std::vector(layers.begin(), layers.end())));
}

void refuse_unknown_layers(const Prepared& prepared) {
  for (const auto& protocol : prepared.study.pruning.protocols) {
    refuse_unknown_layers(prepared, protocol.keep, "pruning.protocol.keep");
  }
  for (const auto& protocol : prepared.study.quantization.protocols) {
    refuse_unknown_layers(prepared, protocol.keep, "quantization.protocol.keep");
  }
}

}  // namespace

Prepared prepare(study::Study study, const Loader& loader, const std::optional<study::Shard>& shard,
                 const Outliner& outliner) {
  Prepared prepared{.study = std::move(study),
                    .shard = shard,
                    .plan = {},
                    .runs = {},
                    .datasets = std::make_unique<DatasetPool>(loader)};
  // Reads all names first, so that a misspelt last name is reported before minutes of loading.
  std::vector<data::Source> sources;
  const std::filesystem::path folder = folder_of(prepared.study.file);
  for (const auto& dataset : prepared.study.datasets) sources.push_back(source_of(dataset, folder));
  std::vector<std::string> names;
  std::map<std::string, std::string> name_of;  // by identity: two spellings are one dataset
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const Place& place = prepared.study.datasets[i].place;
    const auto [known, is_new] = name_of.try_emplace(sources[i].identity(), sources[i].text());
    if (!is_new) {
      names.push_back(known->second);
      continue;
    }
    names.push_back(at_place(place, [&] {
      const auto outline = outliner ? outliner(sources[i]) : std::nullopt;
      return outline ? prepared.datasets->add(sources[i], *outline)
                     : prepared.datasets->add(sources[i]);
    }));
    refuse_impossible(prepared.datasets->record(names.back()), place);
    note_large_batch(prepared.study.train, names.back(), *prepared.datasets);
  }
  refuse_unknown_order(prepared.study, names);
  const auto problem_of = [&](const std::string& name) {
    return prepared.datasets->record(name).problem;
  };
  prepared.plan = study::expand(prepared.study, names, problem_of);
  refuse_unknown_layers(prepared);
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
                         .parameters = network::graph_of(run.architecture, problem).parameters(),
                         .runs = 0});
    }
    ++planned[at->second].runs;
  }
  return planned;
}

}  // namespace minima::run
