// How the runs of a study converge: everything defined in docs/convergence.md, in one struct.
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
#include "analysis/published/published_groups.h"
#include "analysis/sizes/front.h"
#include "analysis/sizes/literal_sizes.h"
#include "record/analysis.h"

namespace minima::analysis {

/// Results for one family on one dataset that need no common size axis.
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
  network::Family family = network::Family::dnn;
  std::string series;
  std::int64_t parameters = 0;
};

/// Results across all series of a dataset.
struct DatasetConvergence {
  std::string dataset;
  Target target;
  std::vector<FrontArchitecture> architectures;  ///< indexed by FrontPoint::point
  Front front;                                   ///< accuracy against parameters
};

struct Convergence {
  std::string study;
  study::AnalysisSettings settings;
  std::int64_t runs = 0;  ///< recorded runs
  /// Those with recorded runs, in the order of the store.
  std::vector<DatasetConvergence> datasets;
  std::vector<FamilyConvergence> families;
  std::vector<SeriesConvergence> series;   ///< in the order of series_of()
  std::vector<PublishedGroups> published;  ///< of families and datasets that paper L has, too
};

[[nodiscard]] Convergence convergence_of(const Population& population,
                                         const study::AnalysisSettings& settings);

/// The record for a store; docs/store.md describes the tables.
[[nodiscard]] record::AnalysisRecord record_of(const Convergence& convergence,
                                               const Population& population,
                                               const std::string& program_version);

}  // namespace minima::analysis
