// Direct convolutions with the batch as the fastest index. The vector lanes are images, so any
// kernel size, stride and number of channels runs at the same speed without rearranging data.
//
// Shapes: input [channels][height][width][S], already padded; output [filters][rows][columns][S];
// weights [filters][channels][kernel][kernel], which is PyTorch's layout. S: lanes of a batch, a
// multiple of kBatchMultiple.
#pragma once

#include <cstddef>

namespace minima::kernels {

struct ConvolutionShape {
  std::size_t channels = 1;
  std::size_t height = 0;  ///< of the padded input
  std::size_t width = 0;
  std::size_t filters = 1;
  std::size_t kernel = 3;
  std::size_t stride = 1;
  std::size_t lanes = 0;  ///< S

  [[nodiscard]] std::size_t rows() const { return (height - kernel) / stride + 1; }
  [[nodiscard]] std::size_t columns() const { return (width - kernel) / stride + 1; }
  [[nodiscard]] std::size_t weights_per_filter() const { return channels * kernel * kernel; }
  bool operator==(const ConvolutionShape&) const = default;
};

/// One row of the output for every filter: bias + correlation, then max(0, .) if `relu`. Writes
/// output[f * filter_step + x * S + lane]: `filter_step` floats lie between filters.
void convolution_row(const ConvolutionShape& shape, const float* input, std::size_t row,
                     const float* weights, const float* bias, bool relu, float* output,
                     std::size_t filter_step);

/// Adds one row's contribution to the weight gradient, lane by lane:
/// sums[f][c][ky][kx][kBatchMultiple] += output_gradient * input. It is summed over the columns and
/// over lanes that are equal modulo kBatchMultiple. `sum_lanes` then sums the kBatchMultiple lanes.
void convolution_weight_gradient_row(const ConvolutionShape& shape, const float* input,
                                     std::size_t row, const float* output_gradient,
                                     std::size_t filter_step, float* sums);

/// totals[i] = sum of sums[i * kBatchMultiple ...].
void sum_lanes(const float* sums, std::size_t count, float* totals);

}  // namespace minima::kernels
