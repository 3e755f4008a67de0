// From a study to what can be carried out: its datasets described, its runs expanded, and
// everything that cannot work refused before anything is spent or written.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "run/setup/datasets.h"
#include "study/plan.h"
#include "study/study_file.h"

namespace minima::run {

struct Prepared {
  study::Study study;
  std::optional<study::Shard> shard;
  std::vector<study::Run> plan;  ///< every run of the study
  std::vector<study::Run> runs;  ///< those to carry out: the shard's, in the order of the plan
  std::unique_ptr<DatasetPool> datasets;
};

/// Describes the datasets, expands the grid and takes the shard's part. Input errors: a dataset
/// that cannot be named or loaded, that has one class or no test images, or fewer training images
/// than a batch; a layer that a protocol keeps and no architecture has. With an outliner, datasets
/// that have an outline are not loaded: for a plan that is not carried out.
[[nodiscard]] Prepared prepare(study::Study study, const Loader& loader,
                               const std::optional<study::Shard>& shard = std::nullopt,
                               const Outliner& outliner = {});

/// One architecture on one dataset, as a plan lists it.
struct PlannedArchitecture {
  std::string dataset;
  std::string architecture;
  std::string family;
  std::int64_t parameters = 0;
  std::int64_t runs = 0;
};

/// Every architecture of the prepared runs with its runs, in the order of the plan.
[[nodiscard]] std::vector<PlannedArchitecture> architectures_of(const Prepared& prepared);

}  // namespace minima::run
