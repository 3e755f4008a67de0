// An architecture made ready for one batch shape: its layers, where its parameters lie in one
// array, and where its activations lie in a workspace. Holds no weights: one network serves many
// runs.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/shape.h"
#include "engine/layers/layer.h"
#include "network/notation/architecture.h"

namespace minima::engine {

/// What is recorded of a layer of the network, whichever way the engine computes it.
struct LayerInfo {
  std::size_t outputs = 0;
  std::size_t units_that_can_die = 0;
};

struct NetworkOptions {
  /// Whether activations may be transformed: takes memory for their copies, and computes the layers
  /// one by one where two are otherwise computed together.
  bool transforms_activations = false;
  /// Only its sizes are asked for: no kernels are made, and it computes nothing.
  bool sizes_only = false;
};

class Network {
 public:
  Network(const network::Architecture& architecture, const Problem& problem,
          const BatchShape& batch, const NetworkOptions& options = {});

  [[nodiscard]] const network::Graph& graph() const { return graph_; }
  /// The layers of the graph, in its order.
  [[nodiscard]] const std::vector<LayerInfo>& layers() const { return infos_; }
  /// Where each tensor of the graph begins in the parameter array.
  [[nodiscard]] const std::vector<std::size_t>& offsets() const { return places_.offsets; }
  /// Floats of the parameter array, padding between tensors included.
  [[nodiscard]] std::size_t parameter_floats() const { return places_.floats; }
  [[nodiscard]] std::size_t workspace_floats() const { return workspace_floats_; }
  [[nodiscard]] int classes() const { return classes_; }
  [[nodiscard]] const BatchShape& batch() const { return batch_; }

  /// Runs all layers; afterwards `logits(workspace)` holds the output. `unit_max`: per layer of the
  /// architecture, room for its units_that_can_die, raised as ForwardArguments says; empty: not
  /// wanted. `dropout`: of a training step; null: nothing is dropped. `activations`: only where the
  /// options say so; null: they stay as they are.
  void forward(const float* parameters, const LayerInput& input, float* workspace,
               std::span<std::vector<float>> unit_max = {}, const DropoutKey* dropout = nullptr,
               const ActivationTransform* activations = nullptr) const;
  /// From the gradient of the loss in `logits_gradient(workspace)`, after a forward pass with the
  /// same `dropout` and `activations`, which a vision transformer may not have here.
  void backward(const float* parameters, const LayerInput& input, float* workspace,
                GradientSink& sink, const DropoutKey* dropout = nullptr,
                const ActivationTransform* activations = nullptr) const;

  [[nodiscard]] float* logits(float* workspace) const {
    return workspace + steps_.back().output_at;
  }
  [[nodiscard]] float* logits_gradient(float* workspace) const {
    return workspace + gradients_at_[0];
  }

 private:
  /// The input of a step as an ActivationTransform sees it, and where its changed copy lies.
  struct Hook {
    std::size_t layer = 0;
    int site = 0;
    std::size_t features = 0;
    std::size_t copy_at = 0;
  };
  /// An engine layer and where its activations lie in the workspace.
  struct Step {
    std::unique_ptr<Layer> layer;
    std::size_t index = 0;  ///< of the (first) layer of the architecture that it computes
    std::size_t output_at = 0;
    std::size_t saved_at = 0;
    std::optional<Hook> hook;
  };

  void add_steps(bool may_join_layers);
  void add_hooks(const ImageShape& image);
  /// Of a step, as the layers before left it.
  [[nodiscard]] LayerInput input_of(std::size_t step, const LayerInput& input,
                                    const float* workspace) const;
  /// In place of x: its changed copy, and that once it is there.
  [[nodiscard]] LayerInput transformed(const Hook& hook, const LayerInput& x, float* workspace,
                                       const ActivationTransform& activations) const;
  [[nodiscard]] static LayerInput copy_of(const Hook& hook, const LayerInput& x,
                                          const float* workspace);
  void lay_out_workspace();

  BatchShape batch_;
  int classes_ = 0;
  network::Graph graph_;
  ParameterPlaces places_;
  std::vector<LayerInfo> infos_;
  std::vector<Step> steps_;
  std::size_t gradients_at_[2] = {0, 0};  // of a layer's output and of its input, in turn
  std::size_t scratch_at_ = 0;
  std::size_t workspace_floats_ = 0;
  std::size_t first_learning_ = 0;  // the first step with parameters: the backward pass ends there
};

/// The batch shape for batches of `images` images.
[[nodiscard]] BatchShape batch_shape(std::size_t images);

}  // namespace minima::engine
