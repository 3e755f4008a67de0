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

namespace minima::run {

class StoreFolder {
 public:
  StoreFolder() {
    std::string pattern = testing::TempDir() + "minima-run-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~StoreFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  StoreFolder(const StoreFolder&) = delete;
  StoreFolder& operator=(const StoreFolder&) = delete;
  [[nodiscard]] std::filesystem::path store() const { return path_ / "store"; }

 private:
  std::filesystem::path path_;
};

inline data::Dataset load_generated(const data::Source& source) {
  return data::load(source, {});
}

/// Trains and compresses everything in the store of a folder.
inline CompressionOutcome carry_out(const std::string& study, const StoreFolder& folder,
                                    std::uint64_t memory_limit = 0, std::size_t jobs = 1) {
  const auto backend = engine::make_cpu_backend();
  const Prepared all = prepare(study::parse_study(study, "small.toml"), load_generated);
  const auto writer = store::open_writer(folder.store());
  ProgressObserver silent;
  static_cast<void>(
      execute(all, *backend, *writer, {.jobs = jobs, .memory_limit = memory_limit}, silent));
  return compress_runs(all, *backend, *writer, *store::open_reader(folder.store()),
                       {.jobs = jobs, .memory_limit = memory_limit}, silent);
}

}  // namespace minima::run
