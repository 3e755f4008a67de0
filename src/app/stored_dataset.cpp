#include "app/stored_dataset.h"

#include <filesystem>

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
                                                  const std::string& data_dir) {
  auto dataset = std::make_shared<const data::Dataset>(
      data::load(data::parse_source(record.name), data_folders(data_dir),
                 memory_for_data(parse_memory("")), parse_jobs("")));
  if (dataset->checksum != record.checksum) {
    throw input_error({record.name, ""}, "is not the data that the store was trained on",
                      "its checksum has changed");
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
