#include "engine/tokens/self_attention.h"

#include <algorithm>

#include "engine/layers/workspace_pieces.h"
#include "kernels/layers/elementwise.h"
#include "kernels/layers/tokens.h"

namespace minima::engine {

struct SelfAttention::Saved {
  float* values;
  float* queries;  // these four: only for several tokens
  float* keys;
  float* probabilities;
  float* dropped;      // the probabilities after dropout; empty without dropout
  float* attended;     // for one token: the values
  std::size_t floats;  // total of all pieces
};

struct SelfAttention::Scratch {
  float* attended_gradient;
  float* bias_gradient;
  float* linear;           // scratch of a linear map
  float* output_gradient;  // scratch of output dropout
  float* query_gradient;   // these three: only for several tokens
  float* key_gradient;
  float* value_gradient;
  std::size_t floats;  // total of all pieces
};

SelfAttention::SelfAttention(const EncoderBlock& block, const BatchShape& batch,
                             const ParameterPlaces& places)
    : shape_{.tokens = static_cast<std::size_t>(block.tokens()),
             .heads = static_cast<std::size_t>(block.heads().heads),
             .head_width = static_cast<std::size_t>(block.heads().head_width),
             .stride = batch.stride},
      width_(static_cast<std::size_t>(block.width())),
      inner_(shape_.heads * shape_.head_width),
      lanes_(shape_.tokens * batch.stride),
      query_(*block.query, batch, places),
      key_(*block.key, batch, places),
      value_(*block.value, batch, places),
      output_(*block.output, batch, places),
      probability_dropout_(*block.attention, DropoutSite::attention_probabilities,
                           shape_.heads * shape_.tokens * shape_.tokens, batch.stride),
      output_dropout_(*block.output, DropoutSite::attention_output, batch.stride) {}

SelfAttention::Saved SelfAttention::carve_saved(float* saved) const {
  Pieces pieces(saved);
  const bool several = shape_.tokens > 1;
  const std::size_t floats = several ? inner_ * lanes_ : 0;
  const std::size_t probabilities = several ? shape_.probability_floats() : 0;
  Saved s{};
  s.values = pieces.take(inner_ * lanes_);
  s.queries = pieces.take(floats);
  s.keys = pieces.take(floats);
  s.attended = several ? pieces.take(floats) : s.values;
  s.probabilities = pieces.take(probabilities);
  s.dropped = pieces.take(probability_dropout_.drops() ? probabilities : 0);
  s.floats = pieces.floats();
  return s;
}

SelfAttention::Scratch SelfAttention::carve_scratch(float* scratch) const {
  Pieces pieces(scratch);
  const std::size_t floats = inner_ * lanes_;
  Scratch s{};
  s.attended_gradient = pieces.take(floats);
  s.bias_gradient = pieces.take(std::max(width_, inner_));
  s.linear = pieces.take(std::max({query_.scratch_floats(), key_.scratch_floats(),
                                   value_.scratch_floats(), output_.scratch_floats()}));
  s.output_gradient = pieces.take(output_dropout_.scratch_floats());
  for (float** gradient : {&s.query_gradient, &s.key_gradient, &s.value_gradient}) {
    *gradient = pieces.take(shape_.tokens > 1 ? floats : 0);
  }
  s.floats = pieces.floats();
  return s;
}

std::size_t SelfAttention::saved_floats() const {
  return carve_saved(nullptr).floats;
}

std::size_t SelfAttention::scratch_floats() const {
  return carve_scratch(nullptr).floats;
}

void SelfAttention::project(const SublayerForward& a, const TokenLinear& linear, float* y) const {
  linear.forward(a.parameters, a.x, y);
  kernels::add_bias(y, linear.bias(a.parameters), inner_, lanes_, false);
}

void SelfAttention::attend(const SublayerForward& a, const Saved& saved) const {
  project(a, query_, saved.queries);
  project(a, key_, saved.keys);
  const bool drops = probability_dropout_.drops(a.dropout);
  if (drops) kernels::dropout_factors(probability_dropout_.mask(*a.dropout), saved.dropped);
  kernels::attention(shape_, {.queries = saved.queries,
                              .keys = saved.keys,
                              .values = saved.values,
                              .probabilities = saved.probabilities,
                              .output = saved.attended,
                              .dropped = drops ? saved.dropped : nullptr});
}

void SelfAttention::drop_heads(const DropoutKey* key, float* x) const {
  if (!probability_dropout_.drops(key)) return;
  kernels::dropout_groups(probability_dropout_.mask(*key), shape_.head_width, x);
}

void SelfAttention::forward(const SublayerForward& arguments) const {
  SublayerForward a = arguments;
  a.x = transformed_x(a, {kProjectionSite, width_ * shape_.tokens, shape_.stride});
  const Saved saved = carve_saved(a.saved);
  project(a, value_, saved.values);
  if (shape_.tokens > 1) {
    attend(a, saved);
  } else {
    drop_heads(a.dropout, saved.values);
  }
  transform(a, {kAttendedSite, inner_ * shape_.tokens, shape_.stride}, saved.attended);
  output_.forward(a.parameters, saved.attended, a.y);
  output_dropout_.finish(a, output_.bias(a.parameters));
}

void SelfAttention::backward_output(const SublayerBackward& a, const Saved& saved,
                                    const Scratch& scratch, GradientSink& sink) const {
  const float* y_gradient = output_dropout_.gradient(a, scratch.output_gradient);
  output_.input_gradient(a.parameters, y_gradient, scratch.attended_gradient, false);
  output_.dispatch_weights(saved.attended, y_gradient, a.images, scratch.linear, sink);
  kernels::row_sums(y_gradient, width_, lanes_, scratch.bias_gradient);
  output_.dispatch_bias(scratch.bias_gradient, sink);
}

void SelfAttention::backward_projection(const SublayerBackward& a, const TokenLinear& linear,
                                        const float* gradient, const Scratch& scratch,
                                        GradientSink& sink) const {
  if (a.x_gradient != nullptr) {
    linear.input_gradient(a.parameters, gradient, a.x_gradient, a.accumulate);
  }
  linear.dispatch_weights(a.x, gradient, a.images, scratch.linear, sink);
  kernels::row_sums(gradient, inner_, lanes_, scratch.bias_gradient);
  linear.dispatch_bias(scratch.bias_gradient, sink);
}

void SelfAttention::backward(const SublayerBackward& arguments, GradientSink& sink) const {
  SublayerBackward a = arguments;
  const Saved saved = carve_saved(a.saved);
  const Scratch scratch = carve_scratch(a.scratch);
  backward_output(a, saved, scratch, sink);
  if (shape_.tokens == 1) {
    drop_heads(a.dropout, scratch.attended_gradient);
    backward_projection(a, value_, scratch.attended_gradient, scratch, sink);
    query_.dispatch_zeros(sink);
    key_.dispatch_zeros(sink);
    return;
  }
  const bool drops = probability_dropout_.drops(a.dropout);
  kernels::attention_backward(shape_, {.queries = saved.queries,
                                       .keys = saved.keys,
                                       .values = saved.values,
                                       .output = saved.attended,
                                       .output_gradient = scratch.attended_gradient,
                                       .probabilities = saved.probabilities,
                                       .query_gradient = scratch.query_gradient,
                                       .key_gradient = scratch.key_gradient,
                                       .value_gradient = scratch.value_gradient,
                                       .dropped = drops ? saved.dropped : nullptr});
  backward_projection(a, query_, scratch.query_gradient, scratch, sink);
  a.accumulate = true;
  backward_projection(a, key_, scratch.key_gradient, scratch, sink);
  backward_projection(a, value_, scratch.value_gradient, scratch, sink);
}

}  // namespace minima::engine
