// Datasets as a study file names them.
#pragma once

#include <vector>

#include "study/study_file.h"
#include "study/value.h"

namespace minima::study {

/// A list of datasets, or one alone; each a text in dataset notation, or a table of the same
/// settings, which becomes that text: { name = "glyphs", difficulty = 0.7 } -> "glyphs
/// difficulty=0.7". Whether there is such a dataset is for the data room to say.
[[nodiscard]] std::vector<DatasetText> read_datasets(const Value& value);

}  // namespace minima::study
