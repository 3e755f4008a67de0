// Predicts the time of a training step from its work.
//
//   seconds of a step = (sum over kinds of work of amount x cost) / peak
//
// The amounts come from the layer table. A cost is the number of FLOP at peak speed that take as
// long as one unit of the work. It therefore holds for machines of different speed.
// bench/cost_model/calibrate.py fitted the costs to measurements of `minima bench train`.
#pragma once

#include "core/shape.h"
#include "network/notation/architecture.h"
#include "study/settings/train_settings.h"

namespace minima::run {

/// Amounts of work of one training step, for the whole batch.
struct StepWork {
  double dense_flop = 0.0;        ///< matrix products of dense layers
  double convolution_flop = 0.0;  ///< convolutions
  double encoder_flop = 0.0;      ///< embeddings and transformer encoders
  double map_values = 0.0;        ///< feature map values: each is read and written a few times
  double token_values = 0.0;      ///< values inside encoders, read and written a few times
  double parameters = 0.0;        ///< parameters updated by the optimizer
  double pixels = 0.0;            ///< read by the first layer and by its weight gradient
  double far_parameters = 0.0;    ///< parameters, if values and moments exceed kNearBytes
  double far_pixels = 0.0;        ///< pixels, if the batch exceeds kNearBytes
  double steps = 0.0;             ///< always 1: the fixed cost of a step
};

/// Bytes that a core keeps in its near cache from step to step; larger data come from far memory.
inline constexpr double kNearBytes = 1 << 20;

/// Batch and optimizer of `train` matter.
[[nodiscard]] StepWork step_work(const network::Architecture& architecture, const Problem& problem,
                                 const study::TrainSettings& train);

/// FLOP at peak speed that take as long as the work of a step.
[[nodiscard]] double peak_flop_of(const StepWork& work);

/// Forward pass time as a fraction of a training step without the optimizer.
inline constexpr double kForwardShare = 0.35;
/// FLOP at peak speed that take as long as a forward pass over one batch.
[[nodiscard]] double forward_peak_flop_of(const StepWork& work);

}  // namespace minima::run
