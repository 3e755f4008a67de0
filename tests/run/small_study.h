// Small studies carried out with the real engine and store.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>

#include "data/generated.h"
#include "run/compress.h"
#include "run/execute.h"
#include "support/temporary_folder.h"

namespace minima::run {

inline data::Dataset load_generated(const data::Source& source) {
  return data::load(source, {});
}

/// Trains and compresses everything in the store of a folder.
inline CompressionOutcome carry_out(const std::string& study, const TemporaryFolder& folder,
                                    std::uint64_t memory_limit = 0, std::size_t jobs = 1) {
  const auto backend = engine::make_cpu_backend();
  const Prepared all = prepare(study::parse_study(study, "small.toml"), load_generated);
  const auto writer = store::open_writer(folder / "store");
  ProgressObserver silent;
  static_cast<void>(
      execute(all, *backend, *writer, {.jobs = jobs, .memory_limit = memory_limit}, silent));
  return compress_runs(all, *backend, *writer, *store::open_reader(folder / "store"),
                       {.jobs = jobs, .memory_limit = memory_limit}, silent);
}

}  // namespace minima::run
