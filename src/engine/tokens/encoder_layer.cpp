#include "engine/tokens/encoder_layer.h"

#include <algorithm>

#include "engine/layers/workspace_pieces.h"

namespace minima::engine {
namespace {

kernels::LayerNormShape norm_shape(const EncoderBlock& block, const BatchShape& batch) {
  const std::size_t lanes = static_cast<std::size_t>(block.tokens()) * batch.stride;
  return {.features = static_cast<std::size_t>(block.width()), .columns = lanes, .stride = lanes};
}

}  // namespace

struct EncoderLayer::Saved {
  float* norm1;        // statistics
  float* norm2;        // statistics
  float* attention;    // saved by attention
  float* mlp;          // saved by the MLP
  float* middle;       // y in the formulas of the header
  float* before_mlp;   // pre-norm: norm2(y); post-norm: y + mlp(y)
  float* before_self;  // pre-norm: norm1(x); post-norm: x + attention(x)
  std::size_t floats;  // total of all pieces
};

struct EncoderLayer::Scratch {
  float* tokens;       // forward: a sublayer's transformed input; backward: a gradient
  float* inner;        // scratch of the norm or the sublayer that runs
  std::size_t floats;  // total of all pieces
};

EncoderLayer::EncoderLayer(const EncoderBlock& block, const BatchShape& batch,
                           const ParameterPlaces& places)
    : index_(block.attention->layer),
      width_(static_cast<std::size_t>(block.width())),
      tokens_(static_cast<std::size_t>(block.tokens())),
      floats_(width_ * tokens_ * batch.stride),
      pre_norm_(block.pre_norm),
      norm1_(norm_shape(block, batch), *block.norm1, places),
      attention_(block, batch, places),
      norm2_(norm_shape(block, batch), *block.norm2, places),
      mlp_(block, batch, places) {}

EncoderLayer::Saved EncoderLayer::carve_saved(float* saved) const {
  Pieces pieces(saved);
  Saved s{};
  s.norm1 = pieces.take(norm1_.saved_floats());
  s.norm2 = pieces.take(norm2_.saved_floats());
  s.attention = pieces.take(attention_.saved_floats());
  s.mlp = pieces.take(mlp_.saved_floats());
  s.middle = pieces.take(floats_);
  s.before_mlp = pieces.take(floats_);
  s.before_self = pieces.take(floats_);
  s.floats = pieces.floats();
  return s;
}

EncoderLayer::Scratch EncoderLayer::carve_scratch(float* scratch) const {
  Pieces pieces(scratch);
  Scratch s{};
  s.tokens = pieces.take(floats_);
  s.inner = pieces.take(std::max({norm1_.scratch_floats(), norm2_.scratch_floats(),
                                  attention_.scratch_floats(), mlp_.scratch_floats()}));
  s.floats = pieces.floats();
  return s;
}

std::size_t EncoderLayer::saved_floats() const {
  return carve_saved(nullptr).floats;
}

std::size_t EncoderLayer::scratch_floats() const {
  return carve_scratch(nullptr).floats;
}

void EncoderLayer::forward(const ForwardArguments& a) const {
  const Saved saved = carve_saved(a.saved);
  float* transformed = carve_scratch(a.scratch).tokens;
  const float* x = a.input.by_feature;
  const auto attend = [&](const float* from, float* to) {
    attention_.forward({.parameters = a.parameters,
                        .x = from,
                        .residual = x,
                        .y = to,
                        .saved = saved.attention,
                        .images = a.input.images,
                        .dropout = a.dropout,
                        .activations = a.activations,
                        .layer = index_,
                        .transformed = transformed});
  };
  const auto perceive = [&](const float* from, float* to) {
    mlp_.forward({.parameters = a.parameters,
                  .x = from,
                  .residual = saved.middle,
                  .y = to,
                  .saved = saved.mlp,
                  .unit_max = a.unit_max,
                  .images = a.input.images,
                  .dropout = a.dropout,
                  .activations = a.activations,
                  .layer = index_,
                  .transformed = transformed});
  };
  if (pre_norm_) {
    norm1_.forward(a.parameters, x, saved.before_self, saved.norm1);
    attend(saved.before_self, saved.middle);
    norm2_.forward(a.parameters, saved.middle, saved.before_mlp, saved.norm2);
    perceive(saved.before_mlp, a.output);
  } else {
    attend(x, saved.before_self);
    norm1_.forward(a.parameters, saved.before_self, saved.middle, saved.norm1);
    perceive(saved.middle, saved.before_mlp);
    norm2_.forward(a.parameters, saved.before_mlp, a.output, saved.norm2);
  }
}

void EncoderLayer::backward(const BackwardArguments& arguments, GradientSink& sink) const {
  if (pre_norm_) {
    backward_pre_norm(arguments, sink);
  } else {
    backward_post_norm(arguments, sink);
  }
}

// output_gradient carries the residual branch; each sublayer's gradient goes back through its layer
// norm and is added.
void EncoderLayer::backward_pre_norm(const BackwardArguments& a, GradientSink& sink) const {
  const Saved saved = carve_saved(a.saved);
  const Scratch own = carve_scratch(a.scratch);
  float* normed_gradient = own.tokens;
  float* scratch = own.inner;
  mlp_.backward({.parameters = a.parameters,
                 .x = saved.before_mlp,
                 .saved = saved.mlp,
                 .y_gradient = a.output_gradient,
                 .x_gradient = normed_gradient,
                 .scratch = scratch,
                 .images = a.input.images,
                 .dropout = a.dropout},
                sink);
  norm2_.backward(a.parameters, saved.middle, saved.norm2,
                  {.y = normed_gradient, .residual = a.output_gradient, .x = a.output_gradient},
                  scratch, sink);
  attention_.backward({.parameters = a.parameters,
                       .x = saved.before_self,
                       .saved = saved.attention,
                       .y_gradient = a.output_gradient,
                       .x_gradient = normed_gradient,
                       .scratch = scratch,
                       .images = a.input.images,
                       .dropout = a.dropout},
                      sink);
  norm1_.backward(a.parameters, a.input.by_feature, saved.norm1,
                  {.y = normed_gradient, .residual = a.output_gradient, .x = a.input_gradient},
                  scratch, sink);
}

// The gradient of each residual sum, after its norm, carries the residual branch; the sublayer adds
// its gradient to it.
void EncoderLayer::backward_post_norm(const BackwardArguments& a, GradientSink& sink) const {
  const Saved saved = carve_saved(a.saved);
  const Scratch own = carve_scratch(a.scratch);
  float* middle_gradient = own.tokens;
  float* scratch = own.inner;
  norm2_.backward(a.parameters, saved.before_mlp, saved.norm2,
                  {.y = a.output_gradient, .x = middle_gradient}, scratch, sink);
  mlp_.backward({.parameters = a.parameters,
                 .x = saved.middle,
                 .saved = saved.mlp,
                 .y_gradient = middle_gradient,
                 .x_gradient = middle_gradient,
                 .accumulate = true,
                 .scratch = scratch,
                 .images = a.input.images,
                 .dropout = a.dropout},
                sink);
  const bool wanted = a.input_gradient != nullptr;
  float* sum_gradient = wanted ? a.input_gradient : a.output_gradient;
  norm1_.backward(a.parameters, saved.before_self, saved.norm1,
                  {.y = middle_gradient, .x = sum_gradient}, scratch, sink);
  attention_.backward({.parameters = a.parameters,
                       .x = a.input.by_feature,
                       .saved = saved.attention,
                       .y_gradient = sum_gradient,
                       .x_gradient = wanted ? sum_gradient : nullptr,
                       .accumulate = true,
                       .scratch = scratch,
                       .images = a.input.images,
                       .dropout = a.dropout},
                      sink);
}

}  // namespace minima::engine
