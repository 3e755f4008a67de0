// The origin and the accuracy of an exported network.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/shape.h"
#include "engine/prepared_dataset.h"
#include "record/variant.h"

namespace minima::deploy {

struct Provenance {
  std::string program_version;
  std::string study;
  std::string dataset;
  std::string run_id;
  int replicate = 0;
  std::string trained_architecture;  ///< of the run; the variant may be smaller
  record::Variant variant;           ///< evaluated for this export
  double recorded_accuracy = 0.0;    ///< accuracy recorded in the store
  std::int64_t test_images = 0;
  /// Whether the network was evaluated for this export. If not, its accuracy is NaN, and texts show
  /// the recorded one.
  bool is_verified = true;
  std::int64_t validation_images = 0;  ///< held out for choosing
  double majority_share = 0.0;         ///< test accuracy of always predicting the largest class
  std::string training;                ///< canonical text of the training settings and the seed
  Problem problem;
  std::vector<std::string> class_names;  ///< may be empty
  engine::PixelScaling scaling;          ///< scaling of pixels before the first layer
};

/// Names and values, for comments and metadata.
using Facts = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] Facts facts_of(const Provenance& provenance);

/// "0.9742 on 10000 test images"; followed by ", as recorded in the store" if it was not verified.
[[nodiscard]] std::string accuracy_text(const Provenance& provenance);

}  // namespace minima::deploy
