// Table 2 of arXiv 2408.11720: the accuracy groups of each family on each dataset.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/population/groups.h"

namespace minima::analysis {

/// One entry of the table, percent of training accuracy. A band is a closed interval.
struct PublishedBand {
  network::Family family;
  std::string_view dataset;
  AccuracyGroup group;
  double low;
  double high;
  double median;  ///< of the paper's runs in this group
};

/// The bands of a family on a dataset, from non to high; empty if the table has none. Settings in
/// the dataset's name ("mnist train=1000") do not matter.
[[nodiscard]] std::vector<PublishedBand> published_bands(network::Family family,
                                                         const std::string& dataset);

}  // namespace minima::analysis
