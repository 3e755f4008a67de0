// Networks as points by what training made of their weights: in the plane, and whether successful
// ones lie together.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "analysis/weights/projected_layer.h"
#include "analysis/weights/raw_weights.h"
#include "analysis/weights/similarity.h"

namespace minima::analysis {

struct FamilyProjection {
  std::shared_ptr<const WeightFamily> of;
  std::vector<LayerProjection> layers;    ///< by quantile functions, then by weights themselves
  std::optional<GroupContrast> contrast;  ///< of the quantile functions that every network has
};

struct Projection {
  study::AnalysisSettings settings;
  std::int64_t runs = 0;  ///< recorded
  std::vector<FamilyProjection> families;
  std::vector<Similarity> similarities;  ///< across datasets and families
};

/// Successful against suboptimal runs of a family by the quantile functions of all roles that every
/// run has. Nothing if no architecture has both.
[[nodiscard]] std::optional<GroupContrast> weights_contrast(
    const WeightFamily& family, const study::AnalysisSettings& settings);

/// `families`: of this population, which must outlive the result. Nothing is projected where
/// AnalysisSettings says 0 points; one or two runs are, but say nothing. `weights_in`: kept
/// weights; null: there are none. `jobs`: threads, of which any number gives the same result.
[[nodiscard]] Projection projection_of(const Population& population, const WeightFamilies& families,
                                       const study::AnalysisSettings& settings,
                                       const KeptWeights& weights_in = nullptr,
                                       std::size_t jobs = 1);

/// As a store keeps it: the analysis `projection`, likewise.
[[nodiscard]] std::vector<store::AnalysisRecord> records_of(const Projection& projection,
                                                            const std::string& program_version);

}  // namespace minima::analysis
