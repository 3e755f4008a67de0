// Carries out the pruning and quantization that a study asks for, once its runs are trained.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>

#include "engine/backend.h"
#include "run/setup/prepare.h"
#include "run/setup/progress.h"
#include "store/store.h"

namespace minima::run {

struct CompressOptions {
  std::size_t jobs = 1;  ///< worker threads, each with one cohort of networks at a time
  /// Bytes of the whole program; 0: none. A piece that needs more is compressed alone.
  std::uint64_t memory_limit = 0;
  std::stop_token stop;  ///< a stop keeps every piece that is finished
};

struct CompressionOutcome {
  std::int64_t planned = 0;          ///< pieces: a protocol on a run
  std::int64_t recorded_before = 0;  ///< by earlier sessions
  std::int64_t recorded = 0;         ///< by this one
  std::int64_t variants = 0;         ///< in those
  std::int64_t without_weights = 0;  ///< cannot be done: the weights of their runs were not kept
  /// To be made again: an older version calibrated their networks with another protocol's images.
  std::int64_t again = 0;
  double seconds = 0.0;
  bool interrupted = false;  ///< stopped before everything was recorded

  [[nodiscard]] std::int64_t missing() const {
    return planned - recorded_before - recorded - without_weights;
  }
};

/// Prunes and quantizes the representatives among the prepared runs that have weights in the store,
/// cohort by cohort; skips what is recorded. What is recorded does not depend on the number of jobs
/// or on interruptions. `reader` reads the store that `writer` writes.
[[nodiscard]] CompressionOutcome compress_runs(const Prepared& prepared,
                                               const engine::Backend& backend,
                                               store::Writer& writer, const store::Reader& reader,
                                               const CompressOptions& options,
                                               ProgressObserver& progress);

}  // namespace minima::run
