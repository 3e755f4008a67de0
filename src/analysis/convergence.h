// How the runs of a study converge: all that docs/convergence.md defines, in one struct.
#pragma once

#include <string>
#include <vector>

#include "analysis/diagnosis.h"
#include "analysis/groups.h"
#include "analysis/minimal_parameters.h"
#include "analysis/phases.h"
#include "analysis/population.h"
#include "analysis/regimes.h"
#include "analysis/reliability.h"
#include "analysis/shape_invariance.h"

namespace minima::analysis {

/// One family on one dataset.
struct FamilyConvergence {
  std::string dataset;
  Selection selection;
  Groups groups;
  MinimalParameters minimal;
  Reliability reliability;
  Regimes regimes;
  ShapeInvariance shape;
  std::vector<ArchitecturePhases> phases;
  std::vector<RunDiagnosis> diagnoses;  ///< of the runs that did not converge
};

struct Convergence {
  std::string study;
  study::AnalysisSettings settings;
  std::int64_t runs = 0;  ///< recorded
  std::vector<FamilyConvergence> families;
};

[[nodiscard]] Convergence convergence_of(const Population& population,
                                         const study::AnalysisSettings& settings);

/// As a store keeps it: docs/store.md describes the tables.
[[nodiscard]] store::AnalysisRecord record_of(const Convergence& convergence,
                                              const Population& population,
                                              const std::string& program_version);

}  // namespace minima::analysis
