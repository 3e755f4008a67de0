// An architecture made ready for one batch shape: its layers, where its parameters lie in one
// array, and where its activations lie in a workspace. Holds no weights: one network serves many
// runs.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/shape.h"
#include "engine/layer.h"
#include "study/architecture.h"

namespace minima::engine {

/// A tensor and its place in the parameter array of its network.
struct ParameterInfo {
  study::TensorSpec spec;
  std::size_t offset = 0;  ///< aligned for the kernels
};

/// What is told of a layer of the architecture, whichever way the engine computes it.
struct LayerInfo {
  std::size_t outputs = 0;
  std::size_t relu_units = 0;
};

class Network {
 public:
  Network(const study::Architecture& architecture, const Problem& problem, const BatchShape& batch);

  /// The layers of the architecture, in the order of study::layers_of.
  [[nodiscard]] const std::vector<LayerInfo>& layers() const { return infos_; }
  [[nodiscard]] const std::vector<ParameterInfo>& parameters() const { return parameters_; }
  /// Floats of the parameter array, padding between tensors included.
  [[nodiscard]] std::size_t parameter_floats() const { return parameter_floats_; }
  [[nodiscard]] std::size_t workspace_floats() const { return workspace_floats_; }
  [[nodiscard]] int classes() const { return classes_; }
  [[nodiscard]] const BatchShape& batch() const { return batch_; }

  /// Runs all layers; afterwards `logits(workspace)` holds the output. `unit_max`: per layer of the
  /// architecture, room for its relu_units, raised as Layer::forward says; empty: not wanted.
  /// `dropout`: of a training step; null: nothing is dropped.
  void forward(const float* parameters, const LayerInput& input, float* workspace,
               std::span<std::vector<float>> unit_max = {},
               const DropoutKey* dropout = nullptr) const;
  /// From the gradient of the loss in `logits_gradient(workspace)`, after a forward pass with the
  /// same `dropout`.
  void backward(const float* parameters, const LayerInput& input, float* workspace,
                GradientSink& sink, const DropoutKey* dropout = nullptr) const;

  [[nodiscard]] float* logits(float* workspace) const {
    return workspace + steps_.back().output_at;
  }
  [[nodiscard]] float* logits_gradient(float* workspace) const {
    return workspace + gradients_at_[0];
  }

 private:
  /// An engine layer and where its activations lie in the workspace.
  struct Step {
    std::unique_ptr<Layer> layer;
    std::size_t index = 0;  ///< of the (first) layer of the architecture that it computes
    std::size_t output_at = 0;
    std::size_t saved_at = 0;
  };

  LayerPlace add_tensors(const study::LayerSpec& spec, std::size_t index);
  std::size_t add_row_convolution(const std::vector<study::LayerSpec>& specs,
                                  const std::vector<LayerPlace>& places);
  void lay_out_workspace();

  BatchShape batch_;
  int classes_ = 0;
  std::vector<LayerInfo> infos_;
  std::vector<Step> steps_;
  std::vector<ParameterInfo> parameters_;
  std::size_t parameter_floats_ = 0;
  std::size_t gradients_at_[2] = {0, 0};  // of a layer's output and of its input, in turn
  std::size_t scratch_at_ = 0;
  std::size_t workspace_floats_ = 0;
  std::size_t first_learning_ = 0;  // the first step with parameters: the backward pass ends there
};

/// The batch shape for batches of `images` images.
[[nodiscard]] BatchShape batch_shape(std::size_t images);

}  // namespace minima::engine
