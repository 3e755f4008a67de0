// The images of a dataset that a store names.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "data/dataset.h"
#include "data/source/source.h"
#include "store/store.h"

namespace minima::app {

/// The record of a dataset of the store. Input error if the store has no dataset of this name.
[[nodiscard]] record::DatasetRecord dataset_record(const store::Reader& store,
                                                   const std::string& name);

/// Loads the dataset. Input error if it is not found, or not the one that the store was trained on,
/// or if it needs more than `most_bytes` of memory.
[[nodiscard]] std::shared_ptr<const data::Dataset> load_dataset(
    const record::DatasetRecord& record, const std::string& data_dir,
    std::optional<std::uint64_t> most_bytes = std::nullopt);

/// Whether there is something under the name of the dataset, readable or not.
[[nodiscard]] bool is_at_hand(const data::Source& source, const std::string& data_dir);

}  // namespace minima::app
