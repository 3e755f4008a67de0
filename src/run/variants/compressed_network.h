// A network on its way through compression.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/store.h"
#include "study/run.h"

namespace minima::run {

/// A run and its trained weights, in the order of the network's tensors.
struct TrainedRun {
  study::Run run;
  std::vector<float> parameters;
};

/// The weights that a store kept of a run, none if it kept none. Throws an input error where they
/// are not those of its architecture on images and classes like these.
[[nodiscard]] std::vector<float> stored_parameters(const store::Reader& store,
                                                   const study::Run& run, const Problem& problem);

struct CompressedNetwork {
  const TrainedRun* origin = nullptr;
  network::Architecture architecture;  ///< the origin's, or what is left without some of its units
  std::vector<float> parameters;
  std::vector<std::uint8_t> mask;  ///< 0: pruned; empty: nothing is
  double sparsity_asked = 0.0;
  std::string tensor;           ///< the only one that is pruned; empty: all that can be
  int epochs = 0;               ///< trained after the origin's own
  std::int64_t dead_units = 0;  ///< that pruning left without input or output
  std::string failure;  ///< why there are no figures, such as a divergence; empty: there are
};

}  // namespace minima::run
