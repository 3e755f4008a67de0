// Inverted dropout (Srivastava et al. 2014): values are dropped with a probability, and the kept
// ones are scaled so that the expectation is unchanged. Shapes: rows x stride, the batch fastest.
//
// A mask is never stored: it is a function of a stream's key, the row and the lane, computed on
// demand. Lane b uses the stream's blocks from b x 2^32 on, one block per 8 rows. Row r uses the 16
// bits number r % 8 of its block, the high half of a word before its low half.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/numbers/random.h"

namespace minima::kernels {

struct DropoutMask {
  StreamKey key;
  std::uint32_t threshold = 0;  ///< 16 random bits below it drop the value; below 65,536
  std::size_t rows = 0;
  std::size_t stride = 0;  ///< a multiple of kBatchMultiple

  /// Factor of kept values: 1 / (probability to keep, after rounding).
  [[nodiscard]] float scale() const { return 65536.0F / static_cast<float>(65536U - threshold); }
};

/// The threshold for a drop probability below 1, rounded to multiples of 1/65,536.
[[nodiscard]] std::uint32_t dropout_threshold(double probability);

/// factors[r][b] = scale() if (r, b) is kept, else 0.
void dropout_factors(const DropoutMask& mask, float* factors);

/// y[r][b] = x[r][b] times its factor, plus residual[r][b]; null: no residual. y may be x.
void dropout(const DropoutMask& mask, const float* x, const float* residual, float* y);

/// x[r][i][b] *= factor of (r, b), for each i below `width`.
void dropout_groups(const DropoutMask& mask, std::size_t width, float* x);

}  // namespace minima::kernels
