// Properties of merging that hold for any distribution of runs over stores.
#include <gtest/gtest.h>

#include <algorithm>

#include "example_store.h"
#include "store/upkeep/merge.h"
#include "support/properties.h"
#include "support/temporary_folder.h"

namespace minima::store {
namespace {

using rc::gen::inRange;

constexpr int kWidths = 2;
constexpr int kReplicates = 2;

/// Creates a store with the whole plan in which these runs are recorded.
void write_some(const fs::path& directory, const std::vector<bool>& recorded) {
  const auto plan = example_plan(kWidths, kReplicates);
  const auto writer = open_writer(directory);
  writer->begin(example_study(), example_datasets(), plan);
  for (std::size_t i = 0; i < plan.size(); ++i) {
    if (recorded[i]) record(*writer, plan[i]);
  }
}

RC_GTEST_PROP(Merging, GivesTheSameStoreHoweverRunsWereSpread, ()) {
  const std::size_t runs = example_plan(kWidths, kReplicates).size();
  const auto stores = *inRange<std::size_t>(1, 4);
  std::vector<std::vector<bool>> recorded(stores);
  std::vector<bool> in_any(runs, false);
  for (auto& some : recorded) {
    some = *rc::gen::container<std::vector<bool>>(runs, rc::gen::arbitrary<bool>());
    for (std::size_t i = 0; i < runs; ++i) in_any[i] = in_any[i] || some[i];
  }
  TemporaryFolder folder;
  std::vector<fs::path> parts;
  for (std::size_t i = 0; i < stores; ++i) {
    parts.push_back(folder / std::to_string(i));
    write_some(parts.back(), recorded[i]);
  }
  write_some(folder / "whole", in_any);
  const auto whole = results_of(folder / "whole");

  merge(folder / "out", parts);
  RC_ASSERT(results_of(folder / "out") == whole);
  // Merge in reverse order, one store at a time, and then all of them again.
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    merge(folder / "steps", std::vector{*part});
  }
  merge(folder / "steps", parts);
  RC_ASSERT(results_of(folder / "steps") == whole);
}

}  // namespace
}  // namespace minima::store
