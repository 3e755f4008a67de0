// A store in which a few runs of the example plan are recorded.
#pragma once

#include <filesystem>

#include "example_store.h"

namespace minima::store {

/// Creates a store with the first runs of the plan and returns its folder.
inline std::filesystem::path small_store(const std::filesystem::path& directory,
                                         std::size_t runs = 1) {
  const auto plan = example_plan();
  const auto writer = open_writer(directory);
  writer->begin(example_study(), example_datasets(), plan);
  for (std::size_t i = 0; i < runs; ++i) record(*writer, plan[i]);
  return directory;
}

}  // namespace minima::store
