#pragma once

#include "engine/layers/layer.h"
#include "kernels/layers/convolution.h"
#include "kernels/products/gemm.h"

namespace minima::engine {

/// The papers' CNN in one layer: an unpadded convolution with ReLU on the images, followed by the
/// dense output layer. It is computed one row of pixels at a time. The matching slice of the dense
/// layer consumes a row of activations while the row is in the cache. The backward pass recomputes
/// the rows unless they are few enough to be kept.
class RowConvolutionLayer final : public Layer {
 public:
  /// Requires two operations that fits() accepts.
  RowConvolutionLayer(const network::Op& convolution, const network::Op& dense,
                      const BatchShape& batch, const ParameterPlaces& places);

  /// Whether a network consists of such a convolution and such a dense layer.
  [[nodiscard]] static bool fits(const network::Graph& graph);

  [[nodiscard]] std::size_t outputs() const override { return classes_; }
  [[nodiscard]] std::size_t saved_floats() const override;
  [[nodiscard]] std::size_t scratch_floats() const override;
  void prepare() override;

  void forward(const ForwardArguments& arguments) const override;
  void backward(const BackwardArguments& arguments, GradientSink& sink) const override;

 private:
  /// The pieces of the scratch memory. Rows are [filters][columns][S].
  struct Scratch {
    float* row;  // activations of a row, unless rows are kept
    float* row_gradient;
    float* row_sums;             // [filters][columns]
    float* logits_by_image;      // the output gradient, [S][classes]
    float* dense_gradient;       // [features][classes]
    float* transposed_gradient;  // [classes][features]
    float* lane_sums;            // [weights][kBatchMultiple]
    float* gradient;             // of the convolution's weights, its biases, then the dense biases
    std::size_t floats;          // total of all pieces
  };
  [[nodiscard]] Scratch carve(float* scratch) const;  // null: computes sizes only
  [[nodiscard]] bool keeps_rows() const;
  void compute_row(const float* parameters, const LayerInput& input, std::size_t row,
                   float* activations) const;
  void backward_row(const BackwardArguments& arguments, const Scratch& scratch, std::size_t row,
                    const float* activations) const;
  void dispatch(const Scratch& scratch, GradientSink& sink) const;

  kernels::ConvolutionShape shape_;
  std::size_t classes_;
  std::size_t row_floats_;  // of a row of activations
  std::size_t features_;    // of the dense layer's input
  BatchShape batch_;
  /// The layer index of an operation and the offsets of its tensors.
  struct Place {
    Place(const network::Op& op, const ParameterPlaces& places)
        : index(op.layer),
          weight(places.offset(op, network::Role::weight)),
          bias(places.offset(op, network::Role::bias)) {}
    std::size_t index;
    std::size_t weight;
    std::size_t bias;
  };
  Place place_;
  Place dense_place_;

  kernels::Gemm logits_;         // logits += a channel's row * its dense weights
  kernels::Gemm row_gradient_;   // of a channel's row
  kernels::Gemm dense_full_;     // gradient of a channel's row of dense weights, full batch
  kernels::Gemm dense_partial_;  // the same over all lanes, including padding
};

}  // namespace minima::engine
