// The study and the datasets of a store.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/shape.h"
#include "record/predictions.h"
#include "study/settings/kept.h"

namespace minima::record {

/// The study that a store belongs to.
struct StudyRecord {
  std::string name;
  std::string text;  ///< the study file, verbatim
  std::string
      train;  ///< canonical text of training settings and seed, which all runs of a store share
  std::string shard;  ///< "1/4", or empty
  std::string program_version;
  study::KeepWeights keep_weights = study::KeepWeights::representative;
};

/// A dataset as recorded in a store. Resuming a run on different data is refused.
struct DatasetRecord {
  std::string name;  ///< canonical notation
  Problem problem;
  std::int64_t train_count = 0;
  std::int64_t test_count = 0;
  std::int64_t validation_count = 0;  ///< held out of the training images; 0: no validation split
  double majority_share = 0.0;        ///< fraction of the test split in its largest class
  std::vector<std::string> class_names;
  std::string checksum;
  /// One sentence each: what was left out or changed while reading, and what looks wrong.
  std::vector<std::string> notes = {};
  /// Input of `Writer::begin`, which stores them if present. `Reader::datasets` leaves this empty;
  /// `Reader::labels` reads it.
  DatasetLabels labels = {};
};

}  // namespace minima::record
