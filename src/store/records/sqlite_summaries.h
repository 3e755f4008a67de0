// Records weight summaries.
#pragma once

#include "record/weight_summary.h"
#include "store/database/sqlite_database.h"

namespace minima::store {

/// A prepared statement that records weight summaries.
class SummaryInsertion {
 public:
  explicit SummaryInsertion(const Database& database);

  /// `run`: the row of the run.
  void insert(std::int64_t run, const record::WeightSummary& summary);

 private:
  Statement summary_;
};

}  // namespace minima::store
