#include "app/networks/stored_dataset.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "app/resources.h"
#include "core/error.h"

namespace minima::app {

record::DatasetRecord dataset_record(const store::Reader& store, const std::string& name) {
  for (record::DatasetRecord& each : store.datasets()) {
    if (each.name == name) return std::move(each);
  }
  throw input_error({name, ""}, "is not a dataset of the store");
}

std::shared_ptr<const data::Dataset> load_dataset(const record::DatasetRecord& record,
                                                  const std::string& data_dir,
                                                  std::optional<std::uint64_t> most_bytes) {
  auto dataset = std::make_shared<const data::Dataset>(
      data::load(data::parse_source(record.name), data_folders(data_dir),
                 std::min(memory_for_data(parse_memory("")), most_bytes.value_or(UINT64_MAX)),
                 parse_jobs("")));
  if (dataset->checksum != record.checksum) {
    throw input_error({record.name, ""}, "is not the data that the store was trained on",
                      "its checksum has changed");
  }
  // The checksum covers the images, but a damaged store can still give wrong numbers of them.
  if (std::cmp_not_equal(dataset->test.count(), record.test_count) ||
      !(dataset->problem() == record.problem)) {
    throw input_error({record.name, ""}, "has other images than the store says",
                      "the store is damaged; `minima doctor STORE` checks it");
  }
  return dataset;
}

bool is_at_hand(const data::Source& source, const std::string& data_dir) {
  for (const data::KnownSource& known : data::known_sources(data_folders(data_dir))) {
    if (known.name == source.name) return known.available;
  }
  std::error_code error;
  return std::filesystem::exists(source.path(), error);
}

}  // namespace minima::app
