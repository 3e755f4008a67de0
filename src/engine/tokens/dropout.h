// Dropout in an encoder block: which random numbers a site has. Evaluation passes no key, and
// nothing is dropped there.
#pragma once

#include "engine/tokens/sublayer.h"
#include "kernels/dropout.h"

namespace minima::engine {

/// Part of the key of the random numbers: values are never changed or used again.
enum class DropoutSite : std::uint64_t {
  attention_probabilities = 0,
  attention_output = 1,
  mlp_hidden = 2,
  mlp_output = 3,
};
inline constexpr std::uint64_t kDropoutSites = 4;  ///< of a layer; as much part of the key

/// Dropout of [rows][S] values. The backward pass does to gradients what the forward pass did to
/// the values: each call draws the same mask for the same key.
class Dropout {
 public:
  /// Of the operation's `dropout`.
  Dropout(const network::Op& op, DropoutSite site, std::size_t rows, std::size_t stride);

  /// In training, that is.
  [[nodiscard]] bool drops() const { return threshold_ > 0; }
  [[nodiscard]] bool drops(const DropoutKey* key) const { return drops() && key != nullptr; }
  /// Of this site in the step of the key; for callers of kernels, where drops(key).
  [[nodiscard]] kernels::DropoutMask mask(const DropoutKey& key) const;
  /// x = x after dropout; untouched unless drops(key).
  void apply(const DropoutKey* key, float* x) const;

 private:
  std::uint64_t number_;  // of the layer and the site
  std::uint32_t threshold_;
  std::size_t rows_;
  std::size_t stride_;
};

/// How a half of the block ends: y = dropout(y + bias) + residual.
class OutputDropout {
 public:
  /// `linear`: the last one of the half, a network::Linear.
  OutputDropout(const network::Op& linear, DropoutSite site, std::size_t stride);

  [[nodiscard]] std::size_t scratch_floats() const;
  void finish(const SublayerForward& arguments, const float* bias) const;
  /// The gradient of y + bias: in `scratch`, or that of y itself where nothing is dropped.
  [[nodiscard]] const float* gradient(const SublayerBackward& arguments, float* scratch) const;

 private:
  std::size_t width_;
  std::size_t lanes_;  // of all tokens
  Dropout dropout_;
};

}  // namespace minima::engine
