// An architecture prepared for one batch shape: its layers, the offsets of its parameters in one
// array, and the offsets of its activations in a workspace. Holds no weights, so one network serves
// many runs.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/shape.h"
#include "engine/layers/layer.h"
#include "network/notation/architecture.h"

namespace minima::engine {

/// What is recorded of a network layer, however the engine computes it.
struct LayerInfo {
  std::size_t outputs = 0;
  std::size_t units_that_can_die = 0;
};

struct NetworkOptions {
  /// Whether activations may be transformed. This needs memory for their copies and disables
  /// computing two layers together.
  bool transforms_activations = false;
  /// Only the sizes are needed: makes no kernels, and the network cannot compute.
  bool sizes_only = false;
};

class Network {
 public:
  Network(const network::Architecture& architecture, const Problem& problem,
          const BatchShape& batch, const NetworkOptions& options = {});

  [[nodiscard]] const network::Graph& graph() const { return graph_; }
  /// The layers of the graph, in its order.
  [[nodiscard]] const std::vector<LayerInfo>& layers() const { return infos_; }
  /// Offset of each tensor of the graph in the parameter array.
  [[nodiscard]] const std::vector<std::size_t>& offsets() const { return places_.offsets; }
  /// Floats of the parameter array, including padding between tensors.
  [[nodiscard]] std::size_t parameter_floats() const { return places_.floats; }
  [[nodiscard]] std::size_t workspace_floats() const { return workspace_floats_; }
  [[nodiscard]] int classes() const { return classes_; }
  [[nodiscard]] const BatchShape& batch() const { return batch_; }

  /// Runs all layers; afterwards `logits(workspace)` holds the output. `unit_max`: per layer of the
  /// architecture, units_that_can_die maxima, updated as in ForwardArguments; empty: not tracked.
  /// `dropout`: key of the training step; null: nothing is dropped. `activations`: requires
  /// NetworkOptions::transforms_activations; null: none.
  void forward(const float* parameters, const LayerInput& input, float* workspace,
               std::span<std::vector<float>> unit_max = {}, const DropoutKey* dropout = nullptr,
               ActivationHook* activations = nullptr) const;
  /// Starts from the gradient of the loss in `logits_gradient(workspace)`, after a forward pass
  /// with the same `dropout` and `activations`. `activations` must be null for a vision
  /// transformer.
  void backward(const float* parameters, const LayerInput& input, float* workspace,
                GradientSink& sink, const DropoutKey* dropout = nullptr,
                ActivationHook* activations = nullptr) const;

  [[nodiscard]] float* logits(float* workspace) const {
    return workspace + steps_.back().output_at;
  }
  [[nodiscard]] float* logits_gradient(float* workspace) const {
    return workspace + gradients_at_[0];
  }

 private:
  /// The input of a step that an ActivationHook sees, and the offset of its transformed copy.
  struct Hook {
    ActivationPlace place;
    std::size_t features = 0;
    std::size_t copy_at = 0;
  };
  /// An engine layer and the offsets of its activations in the workspace.
  struct Step {
    std::unique_ptr<Layer> layer;
    std::size_t index = 0;  ///< first layer of the architecture that it computes
    std::size_t output_at = 0;
    std::size_t saved_at = 0;
    std::optional<Hook> hook;
  };

  void add_steps(bool may_join_layers);
  void add_hooks(const ImageShape& image);
  /// The input of a step: the output of the step before, or the images.
  [[nodiscard]] LayerInput input_of(std::size_t step, const LayerInput& input,
                                    const float* workspace) const;
  /// transformed() writes the transformed copy of x and returns it; copy_of() returns a copy
  /// already written.
  [[nodiscard]] LayerInput transformed(const Hook& hook, const LayerInput& x, float* workspace,
                                       ActivationHook& activations) const;
  [[nodiscard]] HookedActivations hooked(const Hook& hook, std::size_t images) const {
    return {
        .place = hook.place, .features = hook.features, .stride = batch_.stride, .images = images};
  }
  [[nodiscard]] static LayerInput copy_of(const Hook& hook, const LayerInput& x,
                                          const float* workspace);
  void lay_out_workspace();

  BatchShape batch_;
  int classes_ = 0;
  network::Graph graph_;
  ParameterPlaces places_;
  std::vector<LayerInfo> infos_;
  std::vector<Step> steps_;
  std::size_t gradients_at_[2] = {0, 0};  // of a layer's output and of its input, alternating
  std::size_t scratch_at_ = 0;
  std::size_t workspace_floats_ = 0;
  std::size_t first_learning_ = 0;  // first step with parameters: the backward pass ends there
};

[[nodiscard]] BatchShape batch_shape(std::size_t images);

}  // namespace minima::engine
