// How long a training step takes, from what it has to do.
//
//   seconds of a step = (sum over kinds of work of amount x cost) / peak
//
// The amounts come from the table of layers; the costs are FLOP at the peak that one unit of the
// work takes as long as, so that they hold for machines of different speed. They were fitted to
// `minima bench train` by bench/cost_model/calibrate.py.
#pragma once

#include "core/shape.h"
#include "network/notation/architecture.h"

namespace minima::run {

/// What one training step does, or what one unit of it costs. Amounts are for the whole batch.
struct StepWork {
  double dense_flop = 0.0;        ///< of products of dense layers
  double convolution_flop = 0.0;  ///< of convolutions
  double encoder_flop = 0.0;      ///< of embeddings and transformer encoders
  double map_values = 0.0;        ///< values of feature maps: read and written a few times each
  double token_values = 0.0;      ///< values inside encoders, likewise
  double parameters = 0.0;        ///< updated by the optimiser
  double pixels = 0.0;            ///< read by the first layer and its weight gradient
  double far_parameters = 0.0;    ///< the same where weights and moments exceed kNearBytes
  double far_pixels = 0.0;        ///< the same where the batch exceeds kNearBytes
  double steps = 0.0;             ///< 1: what every step costs
};

/// What a core can keep near it from step to step; more is read from far away.
inline constexpr double kNearBytes = 1 << 20;

[[nodiscard]] StepWork step_work(const network::Architecture& architecture, const Problem& problem,
                                 int batch);

/// FLOP at the peak that take as long as the work of a step.
[[nodiscard]] double peak_flop_of(const StepWork& work);

/// A forward pass takes this share of a training step, the optimiser left out.
inline constexpr double kForwardShare = 0.35;
/// The same for a forward pass over one batch.
[[nodiscard]] double forward_peak_flop_of(const StepWork& work);

}  // namespace minima::run
