// Carries out a prepared study: trains what the store does not have yet and records every run as it
// ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>

#include "engine/backend.h"
#include "run/setup/prepare.h"
#include "run/setup/progress.h"
#include "store/store.h"

namespace minima::run {

struct ExecuteOptions {
  std::size_t jobs = 1;            ///< worker threads, each with one cohort at a time
  std::uint64_t memory_limit = 0;  ///< bytes of the whole program; 0: none
  std::string program_version;     ///< kept in the store
  store::SessionRecord session;    ///< kept in the store with the plan; without an id: none
  std::stop_token stop;            ///< a stop keeps everything finished so far
};

struct Outcome {
  std::int64_t planned = 0;
  std::int64_t recorded_before = 0;  ///< by earlier sessions
  std::int64_t recorded = 0;         ///< by this one
  std::int64_t diverged = 0;         ///< of those
  double seconds = 0.0;
  bool interrupted = false;  ///< stopped before everything was recorded

  [[nodiscard]] std::int64_t missing() const { return planned - recorded_before - recorded; }
};

/// Stores the plan, trains the runs that are not recorded yet (the datasets one after the other,
/// the largest cohort of each first), and seals the store. Which results are recorded does not
/// depend on the number of jobs. An exception of a worker stops the others, and is thrown once what
/// they finished is sealed.
[[nodiscard]] Outcome execute(const Prepared& prepared, const engine::Backend& backend,
                              store::Writer& writer, const ExecuteOptions& options,
                              ProgressObserver& progress);

}  // namespace minima::run
