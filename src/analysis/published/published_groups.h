// Table 2 of arXiv 2408.11720 ("paper L") beside the runs of a study.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "analysis/population/published_bands.h"
#include "statistics/estimates/median_interval.h"

namespace minima::analysis {

/// A band of the table, and the runs that are in it. Accuracies are fractions of the training
/// images.
struct PublishedGroupRow : GroupRow {
  PublishedBand published;
  std::optional<MedianInterval> interval;  ///< of the median; absent for few runs
};

/// One family on one dataset of the table.
struct PublishedGroups {
  std::string dataset;
  network::Family family = network::Family::dnn;
  std::int64_t runs = 0;      ///< compared: those of networks such as the paper's
  std::int64_t left_out = 0;  ///< of other networks
  std::vector<PublishedGroupRow> rows;
};

/// Whether a network is one of the paper's: fully connected with two hidden layers; one convolution
/// of 3 x 3 without padding, whose features all go to the output layer; or `vit paper`. ReLU.
[[nodiscard]] bool is_of_paper_l(const std::string& architecture);

/// Only datasets exactly as published: "mnist", but not "mnist train=1000". Families without runs
/// to compare are left out. Diverged runs count as `non` where the table has that group.
[[nodiscard]] std::vector<PublishedGroups> published_groups_of(
    const Population& population, const std::vector<Selection>& selections, double confidence);

/// Training options of a study that differ from those of the paper: "epochs=4 init=he-normal". The
/// paper does not state the scaling of the pixels and the standard deviation of the initial
/// weights, which are therefore left out.
[[nodiscard]] std::string options_unlike_paper_l(const record::StudyRecord& study);

}  // namespace minima::analysis
