#include "run/setup/datasets.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/error.h"

namespace minima::run {

DatasetPool::DatasetPool(Loader loader, std::size_t keep_bytes)
    : loader_(std::move(loader)), keep_bytes_(keep_bytes) {}

std::string DatasetPool::add(const data::Source& source) {
  std::string name = source.text();
  if (entries_.contains(name)) return name;
  auto dataset = std::make_shared<const data::Dataset>(loader_(source));
  add(source, dataset->origin, describe(*dataset, name));
  const std::uint64_t bytes = bytes_of(records_.back());
  if (kept_bytes_ + bytes <= keep_bytes_) {
    kept_bytes_ += bytes;
    entry(name).loaded = std::move(dataset);
  }
  return name;
}

std::string DatasetPool::add(const data::Source& source, const data::Outline& outline) {
  std::string name = source.text();
  if (entries_.contains(name)) return name;
  add(source, outline.origin,
      {.name = name,
       .problem = outline.problem,
       .train_count = outline.train,
       .test_count = outline.test,
       .validation_count = outline.validation,
       .class_names = {},
       .checksum = {}});
  return name;
}

void DatasetPool::add(const data::Source& source, std::string origin,
                      record::DatasetRecord record) {
  auto entry = std::make_unique<Entry>();
  entry->source = source;
  entry->origin = std::move(origin);
  entry->record = records_.size();
  entries_.emplace(record.name, std::move(entry));
  records_.push_back(std::move(record));
}

const record::DatasetRecord& DatasetPool::record(const std::string& name) const {
  return records_[entry(name).record];
}

void DatasetPool::add_note(const std::string& name, std::string note) {
  std::vector<std::string>& notes = records_[entry(name).record].notes;
  if (std::ranges::find(notes, note) == notes.end()) notes.push_back(std::move(note));
}

const std::string& DatasetPool::origin(const std::string& name) const {
  return entry(name).origin;
}

void DatasetPool::expect_users(const std::string& name, std::size_t count) {
  Entry& found = entry(name);
  const std::lock_guard lock(found.mutex);
  found.users += count;
}

DatasetPool::Lease DatasetPool::take(const std::string& name, const engine::Backend& backend) {
  Entry& found = entry(name);
  const std::lock_guard lock(found.mutex);
  if (found.loaded == nullptr) load(found, name);
  if (found.prepared == nullptr || found.prepared_by != &backend) {
    found.prepared = backend.prepare(found.loaded);
    found.prepared_by = &backend;
  }
  return {*this, name, found.prepared};
}

void DatasetPool::load(Entry& entry, const std::string& name) const {
  const std::string& checksum = records_[entry.record].checksum;
  if (checksum.empty()) {
    throw std::logic_error("a dataset is taken of which only an outline is known");
  }
  auto dataset = std::make_shared<const data::Dataset>(loader_(entry.source));
  if (dataset->checksum != checksum) {
    throw input_error({name, ""}, "the data changed while the study was running",
                      "put the old data back, or run the study into a new store");
  }
  entry.loaded = std::move(dataset);
}

void DatasetPool::release(const std::string& name) {
  Entry& found = entry(name);
  const std::lock_guard lock(found.mutex);
  if (found.users > 0) --found.users;
  if (found.users > 0) return;
  found.prepared.reset();
  found.loaded.reset();
}

record::DatasetRecord describe(const data::Dataset& dataset, const std::string& name) {
  const Problem problem = dataset.problem();
  const std::vector<std::int64_t> counts = data::class_counts(dataset.test, problem.classes);
  const std::int64_t largest = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
  const auto test_count = static_cast<std::int64_t>(dataset.test.count());
  return {.name = name,
          .problem = problem,
          .train_count = static_cast<std::int64_t>(dataset.train.count()),
          .test_count = test_count,
          .validation_count = static_cast<std::int64_t>(dataset.validation.count()),
          .majority_share = test_count == 0
                                ? 0.0
                                : static_cast<double>(largest) / static_cast<double>(test_count),
          .class_names = dataset.class_names,
          .checksum = dataset.checksum,
          .notes = dataset.notes,
          .labels = {.test = dataset.test.labels, .validation = dataset.validation.labels}};
}

std::uint64_t bytes_of(const record::DatasetRecord& record) {
  const auto image = static_cast<std::uint64_t>(record.problem.image.pixels()) + 2;
  return image * static_cast<std::uint64_t>(record.train_count + record.validation_count +
                                            record.test_count);
}

}  // namespace minima::run
