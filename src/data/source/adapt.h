// Converts a loaded dataset to another image size or number of channels.
#pragma once

#include <optional>

#include "data/dataset.h"
#include "data/limits.h"
#include "data/pictures/picture.h"

namespace minima::data {

/// Absent values stay as they are.
struct Adaptation {
  std::optional<int> channels;  ///< 1 or 3
  std::optional<int> height;
  std::optional<int> width;
  Fit fit = Fit::stretch;  ///< needs a height and a width

  [[nodiscard]] ImageShape applied_to(const ImageShape& shape) const;
};

/// Converts the images of all splits by the rules of image folders (data/pictures/picture.h):
/// channels first, then size, per axis area averaging to shrink and linear interpolation to
/// enlarge, after `fit`. Converts split by split, so that at most one is in memory twice. Throws an
/// input error that names `dataset.origin` if the converted images exceed `memory`.
void adapt(Dataset& dataset, const Adaptation& adaptation, DataMemory memory);

}  // namespace minima::data
