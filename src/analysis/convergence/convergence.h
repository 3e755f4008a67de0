// How the runs of a study converge: all that docs/convergence.md defines, in one struct.
#pragma once

#include <string>
#include <vector>

#include "analysis/convergence/phases.h"
#include "analysis/convergence/series_convergence.h"
#include "analysis/convergence/shape_invariance.h"
#include "analysis/population/diagnosis.h"
#include "analysis/population/groups.h"
#include "analysis/population/population.h"
#include "analysis/population/target.h"
#include "analysis/sizes/front.h"
#include "analysis/sizes/literal_sizes.h"

namespace minima::analysis {

/// One family on one dataset: what does not depend on a common axis of size.
struct FamilyConvergence {
  std::string dataset;
  Selection selection;
  Groups groups;
  LiteralSizes literal;
  ShapeInvariance shape;
  std::vector<ArchitecturePhases> phases;
  std::vector<RunDiagnosis> diagnoses;  ///< of the runs that did not converge
};

/// An architecture as a point of the front.
struct FrontArchitecture {
  std::string architecture;
  std::string family;
  std::string series;
  std::int64_t parameters = 0;
};

/// What concerns all series of a dataset together.
struct DatasetConvergence {
  std::string dataset;
  Target target;
  std::vector<FrontArchitecture> architectures;  ///< FrontPoint::point is an index into these
  Front front;                                   ///< accuracy against parameters
};

struct Convergence {
  std::string study;
  study::AnalysisSettings settings;
  std::int64_t runs = 0;                     ///< recorded
  std::vector<DatasetConvergence> datasets;  ///< with recorded runs, in the order of the store
  std::vector<FamilyConvergence> families;
  std::vector<SeriesConvergence> series;  ///< in the order of series_of()
};

[[nodiscard]] Convergence convergence_of(const Population& population,
                                         const study::AnalysisSettings& settings);

/// As a store keeps it: docs/store.md describes the tables.
[[nodiscard]] store::AnalysisRecord record_of(const Convergence& convergence,
                                              const Population& population,
                                              const std::string& program_version);

}  // namespace minima::analysis
