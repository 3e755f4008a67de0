// A network during compression.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/store.h"
#include "study/run.h"
#include "study/settings/number_format.h"

namespace minima::run {

/// A run and its trained weights, in the order of the network's tensors.
struct TrainedRun {
  study::Run run;
  std::vector<float> parameters;
};

/// The stored weights of a run; empty if the store kept none. Throws an input error if they do not
/// match its architecture on images and classes of this problem.
[[nodiscard]] std::vector<float> stored_parameters(const store::Reader& store,
                                                   const study::Run& run, const Problem& problem);

struct CompressedNetwork {
  const TrainedRun* origin = nullptr;
  /// The format that its weights were trained to be rounded to; empty: none.
  std::optional<study::NumberFormat> trained_format = {};
  network::Architecture
      architecture;  ///< the original architecture, or what remains after units were removed
  std::vector<float> parameters;
  std::vector<std::uint8_t> mask;  ///< 0: pruned; an empty mask prunes nothing
  double sparsity_asked = 0.0;
  std::string tensor;           ///< the only pruned tensor; empty: all prunable tensors
  int epochs = 0;               ///< training epochs after the original ones
  std::int64_t dead_units = 0;  ///< units that pruning left without input or output
  std::string failure;  ///< why there are no figures, such as divergence; empty: there are figures
};

}  // namespace minima::run
