// The input of the analyses: every run of a study with all its epochs, in memory.
#pragma once

#include <string>
#include <vector>

#include "store/store.h"

namespace minima::analysis {

/// Everything recorded about a study. Plain data, so that tests and simulations can build one.
struct Population {
  record::StudyRecord study;
  std::vector<record::DatasetRecord> datasets;
  /// In the order of the plan, with their histories; the history of a planned run is empty.
  std::vector<record::RunRow> runs;
  std::vector<record::VariantRow> variants = {};     ///< variants of runs, in the order of the runs
  std::vector<record::SessionRecord> sessions = {};  ///< in the order of their start
};

/// Reads a whole store: about 1 kB per run and epoch, and per variant.
[[nodiscard]] Population population_of(const store::Reader& store);

/// Number of runs that are finished or diverged.
[[nodiscard]] std::int64_t recorded_runs(const Population& population);

/// The runs of one family, or of one of its series (series.h), on one dataset. Planned runs are
/// left out.
struct Selection {
  std::size_t dataset = 0;  ///< index into Population::datasets
  network::Family family = network::Family::dnn;
  std::vector<std::size_t> runs;
  std::string series = {};  ///< name of the series; empty: all runs of the family
};

/// Sorted by dataset in the order of the store, then by family alphabetically. Empty selections are
/// left out.
[[nodiscard]] std::vector<Selection> selections_of(const Population& population);

}  // namespace minima::analysis
