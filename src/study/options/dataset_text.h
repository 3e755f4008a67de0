// Datasets as named in a study file.
#pragma once

#include <vector>

#include "study/options/value.h"
#include "study/study.h"

namespace minima::study {

/// Reads one dataset or a list of datasets. Each is a text in dataset notation, or a table of the
/// same settings, which is converted to that text: { name = "glyphs", difficulty = 0.7 } -> "glyphs
/// difficulty=0.7". Whether the dataset exists is checked by the data module.
[[nodiscard]] std::vector<DatasetText> read_datasets(const Value& value);

}  // namespace minima::study
