// The datasets of a study. Each is described once, loaded when a cohort needs it, shared read-only,
// and freed when no cohort needs it any more.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/source/source.h"
#include "engine/backend.h"
#include "store/store.h"

namespace minima::run {

/// Loads the dataset of a source: `data::load` with a search path, or a fake in tests.
using Loader = std::function<data::Dataset(const data::Source&)>;

/// Describes the dataset of a source without its images if that is fast; otherwise returns nothing.
using Outliner = std::function<std::optional<data::Outline>(const data::Source&)>;

/// Total bytes of datasets that stay loaded between their description and their first use.
inline constexpr std::size_t kKeepBytes = std::size_t{256} << 20;

/// Thread-safe once every source has been added.
class DatasetPool {
 public:
  /// Datasets described by `add` stay loaded for their first user while they fit into `keep_bytes`
  /// together. The others are loaded again on demand.
  explicit DatasetPool(Loader loader, std::size_t keep_bytes = kKeepBytes);

  /// Loads the dataset, describes it under its canonical notation, and returns that notation. A
  /// second call for the same dataset does nothing. Rethrows the loader's exceptions.
  std::string add(const data::Source& source);
  /// Adds a dataset from its outline. The record lacks labels, class names, checksum and largest
  /// class, and the dataset cannot be taken.
  std::string add(const data::Source& source, const data::Outline& outline);

  /// In the order of addition.
  [[nodiscard]] const std::vector<record::DatasetRecord>& records() const { return records_; }
  /// `name` must have been added.
  [[nodiscard]] const record::DatasetRecord& record(const std::string& name) const;
  /// Adds a sentence to the notes of a dataset that was added; the same sentence only once.
  void add_note(const std::string& name, std::string note);
  /// A readable description of the dataset's origin.
  [[nodiscard]] const std::string& origin(const std::string& name) const;

  /// Announces that `count` more users will take `name`.
  void expect_users(const std::string& name, std::size_t count);

  /// The use of a dataset by one of the expected users. The use ends with this object; after the
  /// last one the pool frees the dataset.
  class Lease {
   public:
    Lease(DatasetPool& pool, std::string name,
          std::shared_ptr<const engine::PreparedDataset> dataset)
        : pool_(pool), name_(std::move(name)), dataset_(std::move(dataset)) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() {
      dataset_.reset();
      pool_.release(name_);
    }

    [[nodiscard]] const engine::PreparedDataset& operator*() const { return *dataset_; }

   private:
    DatasetPool& pool_;
    std::string name_;
    std::shared_ptr<const engine::PreparedDataset> dataset_;
  };

  /// Returns the dataset, loaded and prepared by the backend if it is not yet. Rethrows the
  /// loader's exceptions. Throws an input error if the data changed since they were described.
  [[nodiscard]] Lease take(const std::string& name, const engine::Backend& backend);

 private:
  struct Entry {
    data::Source source;
    std::string origin;
    std::size_t record = 0;
    std::mutex mutex;  // guards the members below; held while the dataset is loaded
    std::shared_ptr<const data::Dataset> loaded;
    std::shared_ptr<const engine::PreparedDataset> prepared;
    const engine::Backend* prepared_by = nullptr;
    std::size_t users = 0;
  };
  void load(Entry& entry, const std::string& name) const;
  void release(const std::string& name);
  void add(const data::Source& source, std::string origin, record::DatasetRecord record);
  [[nodiscard]] Entry& entry(const std::string& name) const { return *entries_.at(name); }

  Loader loader_;
  std::size_t keep_bytes_;
  std::size_t kept_bytes_ = 0;
  std::vector<record::DatasetRecord> records_;
  std::map<std::string, std::unique_ptr<Entry>> entries_;
};

/// The store's record of a dataset.
[[nodiscard]] record::DatasetRecord describe(const data::Dataset& dataset, const std::string& name);

/// Bytes of the images and labels of all splits.
[[nodiscard]] std::uint64_t bytes_of(const record::DatasetRecord& record);

}  // namespace minima::run
