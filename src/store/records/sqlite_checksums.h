// Checksums of recorded values. SQLite only notices damage to its own structure. A bit that flips
// inside a number yields another valid number, which only a checksum detects.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/database/sqlite_database.h"

namespace minima::store {

/// Units that have one checksum each. Compression has one per run, covering all its tasks, because
/// a later task may replace a variant of an earlier one.
enum class Part { study, dataset, run, compression, session, analysis };

/// Identifies a unit: `owner` is the key, as text, of its row in the table named after the part.
struct PartKey {
  Part part = Part::study;
  std::string owner;
  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14.
  auto operator<=>(const PartKey&) const = default;
};

/// The key of the labels that analyses give to runs.
inline constexpr const char* kLabels = "labels";

/// Stores the checksum of the unit's current rows. Call it in the transaction that records them.
void keep_checksum(const Database& database, const PartKey& key);

/// Updates the checksum of a unit that is recorded in steps. Rows that did not match their
/// checksum, or had none, must not get a matching one.
class ChecksumUpdate {
 public:
  /// Call before rows are added or removed.
  ChecksumUpdate(const Database& database, PartKey key);
  /// Call afterwards.
  void keep();

 private:
  const Database& database_;
  PartKey key_;
  bool fits_;
};

/// Removes the checksum of a unit that left the store.
void forget_checksum(const Database& database, const PartKey& key);

/// Returns the units whose values changed after they were recorded. Omits units without a checksum,
/// which an older version recorded.
[[nodiscard]] std::vector<PartKey> changed_parts(const Database& database);

/// "2 runs and 1 study"; empty for none.
[[nodiscard]] std::string parts_text(const std::vector<PartKey>& parts);

}  // namespace minima::store
