// The datasets of a study: described once, loaded when a cohort needs them, shared read-only, and
// let go when no cohort needs them any more.
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
#include "store/store.h"

namespace minima::run {

/// Loads what a source names; `data::load` with a search path, or a fake in tests.
using Loader = std::function<data::Dataset(const data::Source&)>;

/// What a source names, without its images, where that takes little time; else nothing.
using Outliner = std::function<std::optional<data::Outline>(const data::Source&)>;

/// Bytes of datasets that stay loaded between their description and their first use.
inline constexpr std::size_t kKeepBytes = std::size_t{256} << 20;

/// Safe to use from several threads once every source has been added.
class DatasetPool {
 public:
  /// Datasets described by `add` stay loaded for their first user while they fit into `keep_bytes`
  /// together; the others are loaded again when they are asked for.
  explicit DatasetPool(Loader loader, std::size_t keep_bytes = kKeepBytes);

  /// Loads the dataset, describes it under its canonical notation, and returns that notation. A
  /// second call for the same dataset does nothing. Throws what the loader throws.
  std::string add(const data::Source& source);
  /// The same from an outline: of such a dataset everything but labels, class names, checksum and
  /// largest class is described, and it cannot be taken.
  std::string add(const data::Source& source, const data::Outline& outline);

  /// In the order they were added.
  [[nodiscard]] const std::vector<store::DatasetRecord>& records() const { return records_; }
  /// `name` must have been added.
  [[nodiscard]] const store::DatasetRecord& record(const std::string& name) const;
  /// Where the dataset came from, for people.
  [[nodiscard]] const std::string& origin(const std::string& name) const;

  /// Says that `name` will be taken by `count` more users.
  void expect_users(const std::string& name, std::size_t count);
  /// The dataset, loaded if it is not. Throws what the loader throws, and an input error when the
  /// data changed since they were described.
  [[nodiscard]] std::shared_ptr<const data::Dataset> take(const std::string& name);
  /// One expected user is done; after the last one the pool lets the dataset go.
  void release(const std::string& name);

 private:
  struct Entry {
    data::Source source;
    std::string origin;
    std::size_t record = 0;
    std::mutex mutex;  // guards what follows; held while the dataset is being loaded
    std::shared_ptr<const data::Dataset> loaded;
    std::size_t users = 0;
  };
  void add(const data::Source& source, std::string origin, store::DatasetRecord record);
  [[nodiscard]] Entry& entry(const std::string& name) const { return *entries_.at(name); }

  Loader loader_;
  std::size_t keep_bytes_;
  std::size_t kept_bytes_ = 0;
  std::vector<store::DatasetRecord> records_;
  std::map<std::string, std::unique_ptr<Entry>> entries_;
};

/// What a store remembers of a dataset.
[[nodiscard]] store::DatasetRecord describe(const data::Dataset& dataset, const std::string& name);

/// Bytes of the images and labels of all splits.
[[nodiscard]] std::uint64_t bytes_of(const store::DatasetRecord& record);

}  // namespace minima::run
