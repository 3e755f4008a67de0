// Runs small studies with the real engine and store.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>

#include "data/generated/generated.h"
#include "run/compress/compress.h"
#include "run/train/execute.h"
#include "support/temporary_folder.h"

namespace minima::run {

inline data::Dataset load_generated(const data::Source& source) {
  return data::load(source, {});
}

/// Trains and compresses a whole study into a store; returns the outcome of the compression.
inline CompressionOutcome carry_out(const study::Study& study, const std::filesystem::path& folder,
                                    const CompressOptions& options = {},
                                    ProgressObserver* observer = nullptr) {
  const auto backend = engine::make_cpu_backend();
  const Prepared all = prepare(study, load_generated);
  const auto writer = store::open_writer(folder);
  ProgressObserver silent;
  static_cast<void>(execute(all, *backend, *writer,
                            {.jobs = options.jobs, .memory_limit = options.memory_limit}, silent));
  return compress_runs(all, *backend, *writer, *store::open_reader(folder), options,
                       observer ? *observer : silent);
}

/// Trains and compresses the study with the given text, in the store of a folder.
inline CompressionOutcome carry_out(const std::string& study, const TemporaryFolder& folder,
                                    std::uint64_t memory_limit = 0, std::size_t jobs = 1) {
  return carry_out(study::parse_study(study, "small.toml"), folder / "store",
                   {.jobs = jobs, .memory_limit = memory_limit, .stop = {}});
}

}  // namespace minima::run
