// Dropout (Srivastava et al. 2014), inverted: values are dropped with a probability, and what is
// kept is scaled so that the expectation stays. Shapes: rows x stride, the batch fastest.
//
// A mask is never stored: it is a function of a stream's key, the row and the lane, computed where
// it is wanted. Lane b has the blocks b x 2^32 and after of the stream, one for every 8 rows; of a
// block, row r has the 16 bits number r % 8, the high half of a word before its low half.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/random.h"

namespace minima::kernels {

struct DropoutMask {
  StreamKey key;
  std::uint32_t threshold = 0;  ///< 16 random bits below it are dropped; below 65,536
  std::size_t rows = 0;
  std::size_t stride = 0;  ///< a multiple of kBatchMultiple

  /// Of what is kept: one over the probability to be kept, as it is after rounding.
  [[nodiscard]] float scale() const { return 65536.0F / static_cast<float>(65536U - threshold); }
};

/// The threshold for a probability below 1 to be dropped, which it rounds to 1/65,536.
[[nodiscard]] std::uint32_t dropout_threshold(double probability);

/// factors[r][b] = scale where (r, b) is kept, else 0.
void dropout_factors(const DropoutMask& mask, float* factors);

/// y[r][b] = x[r][b] times its factor, plus residual[r][b]; null: no residual. y may be x.
void dropout(const DropoutMask& mask, const float* x, const float* residual, float* y);

/// x[r][i][b] *= factor of (r, b), for each i below `width`.
void dropout_groups(const DropoutMask& mask, std::size_t width, float* x);

}  // namespace minima::kernels
