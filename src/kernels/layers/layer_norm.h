// Layer norm (Ba, Kiros, Hinton 2016) over the features of each token of each image. Shapes: x is
// [features][columns] with rows `stride` floats apart; a column is one token in one lane.
#pragma once

#include <cstddef>

namespace minima::kernels {

struct LayerNormShape {
  std::size_t features = 1;
  std::size_t columns = 0;  ///< a multiple of kBatchMultiple
  std::size_t stride = 0;   ///< between features in x, y and their gradients
};

/// y = scale[f] (x - mean) / sqrt(variance + 1e-5) + shift[f], as PyTorch's nn.LayerNorm. The
/// variance over the features is divided by their number. Saves each column's mean and 1 /
/// sqrt(variance + 1e-5) in `mean` and `inverse_deviation`, [columns] each.
struct LayerNormForward {
  const float* x = nullptr;
  const float* scale = nullptr;
  const float* shift = nullptr;
  float* y = nullptr;
  float* mean = nullptr;
  float* inverse_deviation = nullptr;
};
void layer_norm(const LayerNormShape& shape, const LayerNormForward& arrays);

/// The derivatives with respect to x (plus `residual`, if given), scale and shift. `x_gradient` may
/// be `y_gradient` or `residual` itself; null: not computed.
struct LayerNormBackward {
  const float* x = nullptr;
  const float* scale = nullptr;
  const float* mean = nullptr;
  const float* inverse_deviation = nullptr;
  const float* y_gradient = nullptr;
  const float* residual = nullptr;  ///< null: none
  float* x_gradient = nullptr;
  float* scale_gradient = nullptr;
  float* shift_gradient = nullptr;
};
void layer_norm_backward(const LayerNormShape& shape, const LayerNormBackward& arrays);

}  // namespace minima::kernels
