// Outcomes of networks on test images, simulated by a threshold on a normal score: replicate i is
// correct on image j if a_i + b_j + e_ij < q. a_i is the effect of the network, b_j the difficulty
// of the image, e_ij their interaction.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "core/numbers/random.h"
#include "statistics/distributions.h"
#include "statistics/estimates/two_way.h"

namespace minima::analysis {

using Rows = std::vector<std::vector<std::uint8_t>>;

/// The truth about one architecture.
struct Plant {
  double accuracy = 0.95;  ///< over all networks and images
  double network_sd = 0.1;
  double image_sd = 1.0;
  double rest_sd = 0.6;
  int replicates = 5;
  int images = 1000;

  [[nodiscard]] double total_sd() const { return std::hypot(network_sd, image_sd, rest_sd); }
  [[nodiscard]] double threshold() const { return -normal_score(accuracy) * total_sd(); }
};

inline std::vector<double> normals(int count, double sd, RandomStream& random) {
  std::vector<double> values(static_cast<std::size_t>(count));
  for (double& value : values) value = sd * random.normal();
  return values;
}

/// Outcomes of networks of the given effects on images of the given difficulty.
inline Rows outcomes(const Plant& plant, const std::vector<double>& networks,
                     const std::vector<double>& images, RandomStream& random) {
  Rows rows;
  for (const double network : networks) {
    auto& row = rows.emplace_back(images.size());
    for (std::size_t j = 0; j < images.size(); ++j) {
      const double score = network + images[j] + plant.rest_sd * random.normal();
      row[j] = score < plant.threshold() ? 1 : 0;
    }
  }
  return rows;
}

/// The same of new networks of one architecture.
inline Rows outcomes(const Plant& plant, const std::vector<double>& images, RandomStream& random) {
  return outcomes(plant, normals(plant.replicates, plant.network_sd, random), images, random);
}

inline TwoWaySums sums_of(const Rows& rows) {
  TwoWaySums sums(rows.front().size());
  for (const auto& row : rows) sums.add(row);
  return sums;
}

}  // namespace minima::analysis
