// Dropout in an encoder block: the random numbers of each site. Evaluation passes no key, so
// nothing is dropped.
#pragma once

#include "engine/dropout_sites.h"
#include "engine/tokens/sublayer.h"
#include "kernels/layers/dropout.h"

namespace minima::engine {

/// Dropout of [rows][S] values. The forward pass and the backward pass draw the same mask from the
/// same key.
class Dropout {
 public:
  /// Uses the operation's dropout rate.
  Dropout(const network::Op& op, DropoutSite site, std::size_t rows, std::size_t stride);

  /// Whether training drops values.
  [[nodiscard]] bool drops() const { return threshold_ > 0; }
  [[nodiscard]] bool drops(const DropoutKey* key) const { return drops() && key != nullptr; }
  /// The mask of this site in the key's step, to be passed to kernels. Requires drops(key).
  [[nodiscard]] kernels::DropoutMask mask(const DropoutKey& key) const;
  /// Applies dropout to x in place; leaves x unchanged unless drops(key).
  void apply(const DropoutKey* key, float* x) const;

 private:
  std::uint64_t number_;  // index of layer and site
  std::uint32_t threshold_;
  std::size_t rows_;
  std::size_t stride_;
};

/// The end of a sublayer: y = dropout(y + bias) + residual.
class OutputDropout {
 public:
  /// `linear`: the sublayer's last network::Linear.
  OutputDropout(const network::Op& linear, DropoutSite site, std::size_t stride);

  [[nodiscard]] std::size_t scratch_floats() const;
  void finish(const SublayerForward& arguments, const float* bias) const;
  /// The gradient of y + bias: computed in `scratch`, or y_gradient itself if nothing is dropped.
  [[nodiscard]] const float* gradient(const SublayerBackward& arguments, float* scratch) const;

 private:
  std::size_t width_;
  std::size_t lanes_;  // of all tokens
  Dropout dropout_;
};

}  // namespace minima::engine
