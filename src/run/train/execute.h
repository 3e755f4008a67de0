// Executes a prepared study: trains the runs that the store lacks and records each run when it
// ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>

#include "engine/backend.h"
#include "run/setup/prepare.h"
#include "run/setup/progress.h"
#include "store/store.h"

namespace minima::run {

struct ExecuteOptions {
  std::size_t jobs = 1;            ///< worker threads; each trains one cohort at a time
  std::uint64_t memory_limit = 0;  ///< bytes of the whole program; 0: unlimited
  std::string program_version;     ///< recorded in the store
  record::SessionRecord session;   ///< recorded in the store with the plan unless its id is empty
  std::stop_token stop;            ///< a stop keeps every finished run
};

struct Outcome {
  std::int64_t planned = 0;
  std::int64_t recorded_before = 0;  ///< recorded by earlier sessions
  std::int64_t recorded = 0;         ///< recorded by this session
  std::int64_t diverged = 0;         ///< diverged runs of this session
  double seconds = 0.0;
  bool interrupted = false;  ///< stopped before everything was recorded

  [[nodiscard]] std::int64_t missing() const { return planned - recorded_before - recorded; }
};

/// Number of prepared runs that the store has not recorded.
[[nodiscard]] std::int64_t unrecorded_runs(const Prepared& prepared, const store::Reader& reader);

/// Stores the plan, trains the runs that are not recorded yet, and seals the store. Datasets are
/// processed one after the other, the largest cohort of each first. The results do not depend on
/// the number of jobs. If a worker throws, the others stop; the exception is rethrown after their
/// finished runs are sealed.
[[nodiscard]] Outcome execute(const Prepared& prepared, const engine::Backend& backend,
                              store::Writer& writer, const ExecuteOptions& options,
                              ProgressObserver& progress);

struct RetrainOutcome {
  std::int64_t planned = 0;
  std::int64_t retrained = 0;  ///< their weights are in the store now
  bool interrupted = false;    ///< stopped before all were retrained

  [[nodiscard]] std::int64_t missing() const { return planned - retrained; }
};

/// Trains recorded runs again to get their weights, and adds these to the store. The results in the
/// store stay. Every result must equal the recorded one exactly; otherwise the weights would belong
/// to another network. Input error at `store`, the name of the store, for the first run that
/// differs, for example on a processor with another instruction set. Runs that ended before keep
/// their weights. `reader` reads the store that `writer` writes. Use after execute().
[[nodiscard]] RetrainOutcome retrain(const Prepared& prepared, const engine::Backend& backend,
                                     store::Writer& writer, const store::Reader& reader,
                                     std::span<const study::Run> runs, const std::string& store,
                                     const ExecuteOptions& options, ProgressObserver& progress);

}  // namespace minima::run
