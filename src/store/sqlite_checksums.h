// Checksums of what is recorded. SQLite notices damage of its own structure alone: a bit that flips
// in a number makes another number, which only a checksum tells from the recorded one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/sqlite_database.h"

namespace minima::store {

/// What is checked as a whole. Of compression that is everything that was made of one run: a later
/// task may replace a variant of an earlier one.
enum class Part { study, dataset, run, compression, session, analysis };

/// Which one: the key of its row in the table that it is named after, as text.
struct PartKey {
  Part part = Part::study;
  std::string owner;
  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14.
  auto operator<=>(const PartKey&) const = default;
};

/// The labels that analyses give runs.
inline constexpr const char* kLabels = "labels";

/// Keeps the checksum of what is recorded of it now. Part of the transaction that records it.
void keep_checksum(const Database& database, const PartKey& key);

/// For something that is recorded in steps. Rows that did not fit their checksum, or have none,
/// must not get one that they fit.
class ChecksumUpdate {
 public:
  /// Before rows are added or removed.
  ChecksumUpdate(const Database& database, PartKey key);
  /// Afterwards.
  void keep();

 private:
  const Database& database_;
  PartKey key_;
  bool fits_;
};

/// Removes the checksum of something that is no longer in the store.
void forget_checksum(const Database& database, const PartKey& key);

/// Everything whose values are not those that were recorded. What has no checksum, because an older
/// version recorded it, is left out.
[[nodiscard]] std::vector<PartKey> changed_parts(const Database& database);

/// "2 runs and 1 study"; empty for none.
[[nodiscard]] std::string parts_text(const std::vector<PartKey>& parts);

}  // namespace minima::store
