// Whether the values of a tensor are those that were recorded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "study/weight_summary.h"

namespace minima::store {

/// What a store knows of the values of a tensor.
struct TensorRecord {
  std::optional<std::uint32_t> checksum;  ///< CRC-32 of the bytes; schema 7 and later
  /// Of the weights after training, looked at where there is no checksum; schema 4 and later.
  std::optional<study::TensorStatistics> statistics;

  /// Without either there is nothing to compare with.
  [[nodiscard]] bool can_be_checked() const { return checksum || statistics; }
};

/// Compares the values of one tensor, given piece by piece, with its record.
class TensorCheck {
 public:
  explicit TensorCheck(const TensorRecord& record) : record_(record) {}

  /// Bytes of whole 32-bit floats.
  void add(std::span<const std::byte> values);
  /// Of what was added so far.
  [[nodiscard]] std::uint32_t checksum() const { return checksum_; }
  /// False: something else was recorded. True where nothing is known.
  [[nodiscard]] bool fits() const;

 private:
  [[nodiscard]] bool fits(const study::TensorStatistics& recorded) const;

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
