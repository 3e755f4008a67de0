// Checks whether the values of a tensor equal the recorded ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "record/weight_summary.h"

namespace minima::store {

/// What a store records about the values of a tensor.
struct TensorRecord {
  std::optional<std::uint32_t> checksum;  ///< CRC-32 of the bytes; schema 7 and later
  /// Statistics of the trained weights, used if there is no checksum; schema 4 and later.
  std::optional<record::TensorStatistics> statistics;

  /// Whether there is a checksum or statistics to compare with.
  [[nodiscard]] bool can_be_checked() const { return checksum || statistics; }
};

/// Compares the values of one tensor, added in pieces, with its record.
class TensorCheck {
 public:
  explicit TensorCheck(const TensorRecord& record) : record_(record) {}

  /// Adds the bytes of whole 32-bit floats.
  void add(std::span<const std::byte> values);
  /// Checksum of the bytes added so far.
  [[nodiscard]] std::uint32_t checksum() const { return checksum_; }
  /// False if the recorded values differ. True if there is nothing to compare with.
  [[nodiscard]] bool fits() const;

 private:
  [[nodiscard]] bool fits(const record::TensorStatistics& recorded) const;

  const TensorRecord& record_;
  std::uint32_t checksum_ = 0;
  std::int64_t count_ = 0;
  std::int64_t not_finite_ = 0;
  double sum_ = 0.0;
  double l1_ = 0.0;
  double squares_ = 0.0;
  double max_ = 0.0;
};

}  // namespace minima::store
