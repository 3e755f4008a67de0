// The table of layer kinds: sizes, tensors and work of each.
#include "study/layers.h"

#include <fmt/format.h>

#include "core/saturating.h"

namespace minima::study {
namespace {

/// Of positions and class token, as in Dosovitskiy et al. 2021.
constexpr float kPositionSd = 0.02F;

constexpr int kPool = 2;  ///< side and stride of the squares that are pooled

int values_of_patch(const EmbeddingSpec& spec) {
  return spec.input.channels * spec.patch * spec.patch;
}

int patches_of(const EmbeddingSpec& spec) {
  return (spec.input.height / spec.patch) * (spec.input.width / spec.patch);
}

int weights_of_filter(const ConvolutionSpec& spec) {
  return spec.input.channels * spec.kernel * spec.kernel;
}

struct Outputs {
  std::int64_t operator()(const DenseSpec& spec) const { return spec.outputs; }
  std::int64_t operator()(const ConvolutionSpec& spec) const { return spec.output().pixels(); }
  std::int64_t operator()(const PoolingSpec& spec) const { return spec.output().pixels(); }
  std::int64_t operator()(const EmbeddingSpec& spec) const {
    return std::int64_t{spec.tokens()} * spec.width;
  }
  std::int64_t operator()(const EncoderSpec& spec) const {
    return std::int64_t{spec.tokens} * spec.width;
  }
  std::int64_t operator()(const TokenPoolSpec& spec) const { return spec.width; }
};

struct ReluUnits {
  int operator()(const DenseSpec& spec) const { return spec.relu ? spec.outputs : 0; }
  int operator()(const ConvolutionSpec& spec) const { return spec.filters; }
  int operator()(const EncoderSpec& spec) const { return spec.gelu ? 0 : spec.hidden; }
  template <typename Other>
  int operator()(const Other&) const {
    return 0;
  }
};

/// The tensors of a layer; its functions add to them.
class Tensors {
 public:
  explicit Tensors(std::string name) : name_(std::move(name)) {}

  void operator()(const DenseSpec& spec) { add_linear("", spec.inputs, spec.outputs); }

  void operator()(const ConvolutionSpec& spec) {
    const int fan_in = weights_of_filter(spec);
    add({.name = name_ + ".weight",
         .shape = {spec.filters, spec.input.channels, spec.kernel, spec.kernel},
         .fan_in = fan_in,
         .fan_out = spec.filters * spec.kernel * spec.kernel});
    add_bias("", fan_in, spec.filters);
  }

  void operator()(const PoolingSpec&) {}

  void operator()(const EmbeddingSpec& spec) {
    if (spec.identity) return;
    add_linear("", values_of_patch(spec), spec.width);
    if (spec.positions) {
      add({.name = name_ + ".position",
           .shape = {spec.tokens(), spec.width},
           .start_sd = kPositionSd});
    }
    if (spec.class_token) {
      add({.name = name_ + ".class_token", .shape = {spec.width}, .start_sd = kPositionSd});
    }
  }

  void operator()(const EncoderSpec& spec) {
    add_norm(".norm1", spec.width);
    for (const char* matrix : {"q", "k", "v"}) {
      add_linear(fmt::format(".attention.{}", matrix), spec.width, spec.attention_width());
    }
    add_linear(".attention.o", spec.attention_width(), spec.width);
    add_norm(".norm2", spec.width);
    add_linear(".mlp.fc1", spec.width, spec.hidden);
    add_linear(".mlp.fc2", spec.hidden, spec.width);
  }

  void operator()(const TokenPoolSpec& spec) {
    if (spec.norm) add_norm("", spec.width);
  }

  std::vector<TensorSpec> take() { return std::move(tensors_); }

 private:
  void add(TensorSpec tensor) { tensors_.push_back(std::move(tensor)); }

  void add_bias(const std::string& part, int fan_in, int outputs) {
    add({.name = name_ + part + ".bias", .shape = {outputs}, .fan_in = fan_in, .fan_out = outputs});
  }

  void add_linear(const std::string& part, int inputs, int outputs) {
    add({.name = name_ + part + ".weight",
         .shape = {outputs, inputs},
         .fan_in = inputs,
         .fan_out = outputs});
    add_bias(part, inputs, outputs);
  }

  void add_norm(const std::string& part, int width) {
    add({.name = name_ + part + ".weight", .shape = {width}, .start = 1.0F});
    add({.name = name_ + part + ".bias", .shape = {width}});
  }

  std::string name_;
  std::vector<TensorSpec> tensors_;
};

struct MultiplyAdds {
  std::int64_t operator()(const DenseSpec& spec) const {
    return std::int64_t{spec.inputs} * spec.outputs;
  }
  std::int64_t operator()(const ConvolutionSpec& spec) const {
    return saturating_product({spec.output().pixels(), weights_of_filter(spec)});
  }
  std::int64_t operator()(const PoolingSpec&) const { return 0; }
  std::int64_t operator()(const EmbeddingSpec& spec) const {
    if (spec.identity) return 0;
    return saturating_product({patches_of(spec), spec.width, values_of_patch(spec)});
  }
  std::int64_t operator()(const EncoderSpec& spec) const {
    return saturating_sum(
        {saturating_product({spec.tokens, 4, spec.width, spec.attention_width()}),
         saturating_product({spec.tokens, 2, spec.width, spec.hidden}),
         saturating_product({2, spec.tokens, spec.tokens, spec.attention_width()})});
  }
  std::int64_t operator()(const TokenPoolSpec&) const { return 0; }
};

}  // namespace

std::int64_t TensorSpec::count() const {
  std::int64_t product = 1;
  for (const std::int64_t size : shape) product = saturating_product({product, size});
  return product;
}

ImageShape ConvolutionSpec::output() const {
  const auto places = [this](int side) { return (side + 2 * padding - kernel) / stride + 1; };
  return {.channels = filters, .height = places(input.height), .width = places(input.width)};
}

ImageShape PoolingSpec::output() const {
  if (kind == Kind::global_average) return {.channels = input.channels, .height = 1, .width = 1};
  return {.channels = input.channels, .height = input.height / kPool, .width = input.width / kPool};
}

int EncoderSpec::attention_width() const {
  return heads * (head_width > 0 ? head_width : width / heads);
}

int EmbeddingSpec::tokens() const {
  return identity ? 1 : patches_of(*this) + (class_token ? 1 : 0);
}

std::int64_t LayerSpec::outputs() const {
  return std::visit(Outputs{}, what);
}

int LayerSpec::relu_units() const {
  return std::visit(ReluUnits{}, what);
}

std::vector<TensorSpec> LayerSpec::tensors() const {
  Tensors tensors(name);
  std::visit(tensors, what);
  return tensors.take();
}

std::int64_t LayerSpec::multiply_adds() const {
  return std::visit(MultiplyAdds{}, what);
}

std::vector<TensorSpec> tensors_of(const network::Architecture& architecture,
                                   const Problem& problem) {
  std::vector<TensorSpec> all;
  for (const LayerSpec& layer : layers_of(architecture, problem)) {
    for (TensorSpec& tensor : layer.tensors()) all.push_back(std::move(tensor));
  }
  return all;
}

std::int64_t parameter_count(const network::Architecture& architecture, const Problem& problem) {
  std::int64_t parameters = 0;
  for (const TensorSpec& tensor : tensors_of(architecture, problem)) {
    parameters = saturating_sum({parameters, tensor.count()});
  }
  return parameters;
}

std::vector<std::int64_t> training_flops(const std::vector<LayerSpec>& layers) {
  std::vector<std::int64_t> flops;
  bool is_first = true;
  for (const LayerSpec& layer : layers) {
    const bool needs_no_input_gradient =
        is_first && !std::holds_alternative<EncoderSpec>(layer.what);
    const std::int64_t multiply_adds = layer.multiply_adds();
    if (multiply_adds > 0) is_first = false;
    flops.push_back(saturating_product({needs_no_input_gradient ? 4 : 6, multiply_adds}));
  }
  return flops;
}

std::int64_t training_flop(const network::Architecture& architecture, const Problem& problem) {
  std::int64_t sum = 0;
  for (const std::int64_t flop : training_flops(layers_of(architecture, problem))) {
    sum = saturating_sum({sum, flop});
  }
  return sum;
}

std::int64_t inference_flop(const network::Architecture& architecture, const Problem& problem) {
  std::int64_t flop = 0;
  for (const LayerSpec& layer : layers_of(architecture, problem)) {
    flop = saturating_sum({flop, saturating_product({2, layer.multiply_adds()})});
  }
  return flop;
}

}  // namespace minima::study
