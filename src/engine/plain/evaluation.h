// Losses and figures of a split.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/backend.h"
#include "engine/plain/plain_network.h"

namespace minima::engine::plain {

/// Loss and result of one image.
struct ImageLoss {
  double loss = 0.0;
  int predicted = 0;  ///< class of the largest logit, the first in a tie
  Vector gradient;    ///< of the loss with respect to the logits
};

/// Rounds the logits to floats first: beyond their range the loss is not finite.
[[nodiscard]] ImageLoss loss_of(study::Loss loss, const Vector& logits, std::size_t label);

/// The inputs of the first layer for images of a split.
[[nodiscard]] Images images_of(const PreparedDataset& dataset, SplitName split,
                               study::Scaling scaling, std::span<const std::uint32_t> indices);

struct Figures {
  Evaluation evaluation;
  std::vector<int> dead_units;  ///< per layer; 0 for layers whose units cannot die
};

/// What to evaluate, and how.
struct Evaluated {
  const PlainNetwork& network;
  const Vector& parameters;
  Activations& activations;
  study::Scaling scaling = study::Scaling::unit;
  study::Loss loss = study::Loss::cross_entropy;
};

/// Figures of some images of a split; empty if a stop was requested meanwhile.
[[nodiscard]] std::optional<Figures> figures_of(const Evaluated& what,
                                                const PreparedDataset& dataset, SplitName split,
                                                std::span<const std::uint32_t> indices,
                                                const std::stop_token& stop);

/// Figures of all images of a split.
[[nodiscard]] std::optional<Figures> figures_of(const Evaluated& what,
                                                const PreparedDataset& dataset, SplitName split,
                                                const std::stop_token& stop);

}  // namespace minima::engine::plain
