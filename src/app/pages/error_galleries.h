// Collects the images that the networks of a report get wrong.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/analyses/analyses.h"
#include "data/dataset.h"
#include "report/page/error_gallery.h"
#include "store/store.h"

namespace minima::app {

/// Returns the images of a dataset of the store. Throws an Error if they are not at hand.
using ImagesOf =
    std::function<std::shared_ptr<const data::Dataset>(const record::DatasetRecord& record)>;

/// For reports of a store from anywhere: loads generated datasets and those that have a name. A
/// path that the store names is read only if `data_dir` is given: the store may come from someone
/// else.
[[nodiscard]] ImagesOf named_images(const std::string& data_dir);

/// For each dataset, the images that most runs of the smallest sufficient network get wrong, else
/// of the best one. Datasets without such a network or without predictions are left out.
[[nodiscard]] std::vector<report::ErrorGallery> error_galleries(
    const store::Reader& store, const analysis::Headline& headline,
    const analysis::Population& population, const ImagesOf& images_of);

}  // namespace minima::app
