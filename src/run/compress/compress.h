// Runs the pruning and quantization of a study after its runs are trained.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <vector>

#include "engine/backend.h"
#include "run/setup/prepare.h"
#include "run/setup/progress.h"
#include "store/store.h"

namespace minima::run {

struct CompressOptions {
  std::size_t jobs = 1;  ///< worker threads; each handles one cohort of networks at a time
  /// Memory limit of the whole program in bytes; 0: unlimited. An item that needs more runs alone.
  std::uint64_t memory_limit = 0;
  std::stop_token stop;  ///< a stop keeps every finished item
};

struct CompressionOutcome {
  std::int64_t planned = 0;          ///< items: one protocol on one run
  std::int64_t recorded_before = 0;  ///< recorded by earlier sessions
  std::int64_t recorded = 0;         ///< recorded by this session
  std::int64_t variants = 0;         ///< variants in the items that this session recorded
  std::int64_t without_weights =
      0;  ///< items that cannot run: the weights of their runs were not kept
  std::int64_t runs_without_weights = 0;  ///< the runs of these items
  /// Items to repeat: an older version calibrated their networks with another protocol's images.
  std::int64_t again = 0;
  double seconds = 0.0;
  bool interrupted = false;  ///< stopped before everything was recorded

  [[nodiscard]] std::int64_t missing() const {
    return planned - recorded_before - recorded - without_weights;
  }
};

/// What is recorded of the compression of the recorded runs, and what must be left out; nothing is
/// compressed. `missing()` is the number of items that `compress_runs` would run now.
[[nodiscard]] CompressionOutcome compression_so_far(const Prepared& prepared,
                                                    const store::Reader& reader);

/// The runs whose weights were not kept, but which compression needs or the study asks to keep
/// (weights = "all"). In the order of the plan.
[[nodiscard]] std::vector<study::Run> runs_without_weights(const Prepared& prepared,
                                                           const store::Reader& reader);

/// Prunes and quantizes the representatives among the prepared runs whose weights are in the store.
/// Works cohort by cohort and skips items that are already recorded. The results do not depend on
/// the number of jobs or on interruptions. `reader` reads the store that `writer` writes.
[[nodiscard]] CompressionOutcome compress_runs(const Prepared& prepared,
                                               const engine::Backend& backend,
                                               store::Writer& writer, const store::Reader& reader,
                                               const CompressOptions& options,
                                               ProgressObserver& progress);

}  // namespace minima::run
