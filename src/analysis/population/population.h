// What the analyses look at: every run of a study with all its epochs, in memory.
#pragma once

#include <string>
#include <vector>

#include "store/store.h"

namespace minima::analysis {

/// Everything recorded of a study. Plain data, so that tests and simulations can make one.
struct Population {
  store::StudyRecord study;
  std::vector<store::DatasetRecord> datasets;
  /// In the order of the plan, with their histories; a run that is still planned has none.
  std::vector<store::RunRow> runs;
  std::vector<store::VariantRow> variants = {};     ///< of runs, in their order
  std::vector<store::SessionRecord> sessions = {};  ///< in the order of their beginnings
};

/// Reads a store whole: about 1 kB per run and epoch, and per variant.
[[nodiscard]] Population population_of(const store::Reader& store);

/// Runs that are not still planned.
[[nodiscard]] std::int64_t recorded_runs(const Population& population);

/// The runs of one family, or of one of its series (series.h), on one dataset, as indices into
/// Population::runs. Runs that are still planned are left out.
struct Selection {
  std::size_t dataset = 0;  ///< index into Population::datasets
  std::string family;
  std::vector<std::size_t> runs;
  std::string series = {};  ///< name of the series; empty: all runs of the family
};

/// By dataset in the order of the store, then by family in alphabetical order; only those with
/// runs.
[[nodiscard]] std::vector<Selection> selections_of(const Population& population);

}  // namespace minima::analysis
