// An architecture made ready for one batch shape: its layers, where its parameters lie in one
// array, and where its activations lie in a workspace. Holds no weights: one network serves many
// runs.
#pragma once

#include <memory>
#include <vector>

#include "core/shape.h"
#include "engine/layer.h"
#include "study/architecture.h"

namespace minima::engine {

/// A tensor and its place in the parameter array of its network.
struct ParameterInfo {
  study::TensorSpec spec;
  std::size_t offset = 0;  ///< aligned for the kernels
  int fan_in = 0;
  int fan_out = 0;
  bool bias = false;
};

class Network {
 public:
  Network(const study::Architecture& architecture, const Problem& problem, const BatchShape& batch);

  [[nodiscard]] const std::vector<std::unique_ptr<Layer>>& layers() const { return layers_; }
  [[nodiscard]] const std::vector<ParameterInfo>& parameters() const { return parameters_; }
  /// Floats of the parameter array, padding between tensors included.
  [[nodiscard]] std::size_t parameter_floats() const { return parameter_floats_; }
  [[nodiscard]] std::size_t workspace_floats() const { return workspace_floats_; }
  [[nodiscard]] int classes() const { return classes_; }
  [[nodiscard]] const BatchShape& batch() const { return batch_; }

  /// Runs all layers; afterwards `output(workspace, i)` holds layer i's activations.
  void forward(const float* parameters, const LayerInput& input, float* workspace) const;
  /// From the gradient of the loss in `logits_gradient(workspace)`, after a forward pass.
  void backward(const float* parameters, const LayerInput& input, float* workspace,
                GradientSink& sink) const;

  [[nodiscard]] float* output(float* workspace, std::size_t layer) const {
    return workspace + outputs_at_[layer];
  }
  [[nodiscard]] float* logits(float* workspace) const {
    return output(workspace, layers_.size() - 1);
  }
  [[nodiscard]] float* logits_gradient(float* workspace) const {
    return workspace + gradients_at_[0];
  }

 private:
  void add_layer(const study::LayerSpec& spec);
  void lay_out_workspace();

  BatchShape batch_;
  int classes_ = 0;
  std::vector<std::unique_ptr<Layer>> layers_;
  std::vector<ParameterInfo> parameters_;
  std::size_t parameter_floats_ = 0;
  std::vector<std::size_t> outputs_at_;
  std::size_t gradients_at_[2] = {0, 0};  // of a layer's output and of its input, in turn
  std::size_t scratch_at_ = 0;
  std::size_t workspace_floats_ = 0;
};

/// The batch shape for batches of `images` images.
[[nodiscard]] BatchShape batch_shape(std::size_t images);

}  // namespace minima::engine
