// A run: one training of one architecture.
#pragma once

#include <cstdint>
#include <string>

#include "network/notation/architecture.h"
#include "study/settings/train_settings.h"

namespace minima::study {

/// One training of one architecture. Replicate r of every architecture sees the same shuffle of a
/// dataset. Initial weights are keyed by the run's id.
struct Run {
  std::string id;       ///< 16 hexadecimal digits
  std::string dataset;  ///< canonical notation
  network::Architecture architecture;
  int replicate = 0;
  std::uint64_t seed = 1;  ///< seed of the study
  TrainSettings train;
};

/// The first 16 hexadecimal digits of the SHA-256 of the canonical text: dataset, architecture,
/// replicate, seed, and the training settings that differ from their defaults. New options
/// therefore never change old ids.
[[nodiscard]] std::string run_id(const Run& run);

/// The run id, given run.train.text(), which many runs share.
[[nodiscard]] std::string run_id(const Run& run, const std::string& train_text);

/// A run with its id computed.
[[nodiscard]] Run make_run(std::string dataset, network::Architecture architecture, int replicate,
                           std::uint64_t seed, const TrainSettings& train);

}  // namespace minima::study
