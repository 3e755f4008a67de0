// Per-class accuracy of single networks, for the networks that a recommendation names.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "analysis/images/image_outcomes.h"

namespace minima::analysis {

/// Identifies the network of a run, or a compressed version of it.
struct NetworkKey {
  std::string run_id;
  std::string pruning;          ///< protocol; empty: not pruned
  double sparsity_asked = 0.0;  ///< 0 if not pruned
  std::string quantization;     ///< protocol; empty: not quantized
  study::ValueFormat format;

  bool operator<(const NetworkKey& other) const {
    return std::tie(run_id, pruning, sparsity_asked, quantization, format) <
           std::tie(other.run_id, other.pruning, other.sparsity_asked, other.quantization,
                    other.format);
  }
};

/// One network on the test images. Accuracies are fractions of the images of a class.
struct NetworkClasses {
  double balanced = 0.0;    ///< mean over the classes
  std::string worst_class;  ///< its name
  std::int64_t worst_images = 0;
  double worst = 0.0;
  double worst_low = 0.0;  ///< for new images, simultaneous over the classes
  double worst_high = 1.0;
};

/// Reads predictions and outcomes once. Networks without records are left out.
[[nodiscard]] std::map<NetworkKey, NetworkClasses> network_classes(
    const Population& population, const OutcomeSource& source, const std::set<NetworkKey>& networks,
    double confidence);

}  // namespace minima::analysis
