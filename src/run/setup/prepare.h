// Prepares a study for execution: describes its datasets, expands its runs, and refuses everything
// that cannot work before any time is spent or any file is written.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "run/setup/datasets.h"
#include "study/file/study_file.h"
#include "study/plan/plan.h"

namespace minima::run {

struct Prepared {
  study::Study study;
  std::optional<study::Shard> shard;
  std::vector<study::Run> plan;  ///< every run of the study
  std::vector<study::Run> runs;  ///< the shard's runs, in the order of the plan
  std::unique_ptr<DatasetPool> datasets;
};

/// Describes the datasets, expands the grid and selects the shard's part. Input errors: a dataset
/// that cannot be named or loaded; a dataset with one class, without test images, or with fewer
/// training images than a batch; a kept layer that no architecture has. With an outliner, datasets
/// that have an outline are not loaded; use this for plans that will not be executed.
[[nodiscard]] Prepared prepare(study::Study study, const Loader& loader,
                               const std::optional<study::Shard>& shard = std::nullopt,
                               const Outliner& outliner = {});

/// One architecture on one dataset, as listed in a plan.
struct PlannedArchitecture {
  std::string dataset;
  std::string architecture;
  network::Family family = network::Family::dnn;
  std::int64_t parameters = 0;
  std::int64_t runs = 0;
};

/// All architectures of the prepared runs with their runs, in the order of the plan.
[[nodiscard]] std::vector<PlannedArchitecture> architectures_of(const Prepared& prepared);

}  // namespace minima::run
