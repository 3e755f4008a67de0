#include "engine/tokens/dropout.h"

#include "kernels/layers/elementwise.h"
#include "kernels/layers/tokens.h"

namespace minima::engine {

Dropout::Dropout(const network::Op& op, DropoutSite site, std::size_t rows, std::size_t stride)
    : number_(op.layer * kDropoutSites + static_cast<std::uint64_t>(site)),
      threshold_(kernels::dropout_threshold(op.dropout)),
      rows_(rows),
      stride_(stride) {}

kernels::DropoutMask Dropout::mask(const DropoutKey& key) const {
  return {.key = stream_key(key.seed, subject_of(key.subject, number_), Purpose::dropout, key.step),
          .threshold = threshold_,
          .rows = rows_,
          .stride = stride_};
}

void Dropout::apply(const DropoutKey* key, float* x) const {
  if (drops(key)) kernels::dropout(mask(*key), x, nullptr, x);
}

OutputDropout::OutputDropout(const network::Op& linear, DropoutSite site, std::size_t stride)
    : width_(static_cast<std::size_t>(linear.units())),
      lanes_(static_cast<std::size_t>(std::get<network::Linear>(linear.what).tokens) * stride),
      dropout_(linear, site, static_cast<std::size_t>(linear.outputs()), stride) {}

std::size_t OutputDropout::scratch_floats() const {
  return dropout_.drops() ? width_ * lanes_ : 0;
}

void OutputDropout::finish(const SublayerForward& a, const float* bias) const {
  if (dropout_.drops(a.dropout)) {
    kernels::add_bias(a.y, bias, width_, lanes_, false);
    kernels::dropout(dropout_.mask(*a.dropout), a.y, a.residual, a.y);
  } else {
    kernels::add_bias_and_residual(a.y, bias, a.residual, width_, lanes_);
  }
}

const float* OutputDropout::gradient(const SublayerBackward& a, float* scratch) const {
  if (!dropout_.drops(a.dropout)) return a.y_gradient;
  kernels::dropout(dropout_.mask(*a.dropout), a.y_gradient, nullptr, scratch);
  return scratch;
}

}  // namespace minima::engine
