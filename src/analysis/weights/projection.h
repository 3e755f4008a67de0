// Projects networks to the plane by their trained weights and tests whether successful ones lie
// together.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "analysis/weights/projected_layer.h"
#include "analysis/weights/raw_weights.h"
#include "analysis/weights/similarity.h"
#include "record/analysis.h"

namespace minima::analysis {

struct FamilyProjection {
  std::shared_ptr<const WeightFamily> of;
  std::vector<LayerProjection> layers;    ///< first on quantile functions, then on the weights
  std::optional<GroupContrast> contrast;  ///< on the quantile functions that every network has
};

struct Projection {
  study::AnalysisSettings settings;
  std::int64_t runs = 0;  ///< recorded
  std::vector<FamilyProjection> families;
  std::vector<Similarity> similarities;  ///< across datasets and families
};

/// Compares successful with suboptimal runs of a family by the quantile functions of all roles that
/// every run has. Empty if no architecture has both groups.
[[nodiscard]] std::optional<GroupContrast> weights_contrast(
    const WeightFamily& family, const study::AnalysisSettings& settings);

/// `families`: weight families of this population, which must outlive the result. Nothing is
/// projected if AnalysisSettings::projection_points is 0. One or two runs are projected but carry
/// no information. `weights_in`: reads stored weights; null: none are stored. `jobs`: number of
/// threads; the result does not depend on it.
[[nodiscard]] Projection projection_of(const Population& population, const WeightFamilies& families,
                                       const study::AnalysisSettings& settings,
                                       const KeptWeights& weights_in = nullptr,
                                       std::size_t jobs = 1);

/// The records to store: the analysis `projection`, with the tables that docs/store.md describes.
/// Empty tables are left out. Empty if nothing was projected.
[[nodiscard]] std::vector<record::AnalysisRecord> records_of(const Projection& projection,
                                                             const std::string& program_version);

}  // namespace minima::analysis
