// Transforms of weights and activations, as data: what a network computes with instead of its
// weights and activations. A backend interprets them.
//
// Which activations are transformed (layers are counted from 0 in network order):
//   dnn, cnn  the output of every layer but the last, after its activation function, at
//             kOutputSite. Pooling layers are included. The layer's own backward pass uses
//             the original output.
//   vit       the input of every linear map, named by the layer that has the map. In an
//             encoder block: the four sites below. At kInputSite: the patches of the embedding
//             and the features that enter the last layer. Also there: the pixels that enter the
//             dense embedding layer of a `vit paper` whose images do not have 784 pixels.
//             Residuals are not transformed. Evaluation only: training a vision transformer
//             with transformed activations throws.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "compress/quantize/clipping.h"
#include "compress/quantize/settings.h"

namespace minima::engine {

inline constexpr int kOutputSite = 0;  ///< dnn, cnn
inline constexpr int kInputSite = 0;   ///< vit: embedding and last layer

// Sites of an encoder block.
inline constexpr int kProjectionSite = 0;  ///< the input of q, k and v
inline constexpr int kAttendedSite = 1;    ///< the input of o; with one token, the values
inline constexpr int kMlpSite = 2;         ///< the input of mlp.fc1
inline constexpr int kHiddenSite = 3;      ///< the input of mlp.fc2

/// Identifies activations of a network.
struct ActivationPlace {
  std::size_t layer = 0;
  int site = 0;

  bool operator==(const ActivationPlace&) const = default;
  bool operator<(const ActivationPlace& other) const {
    return std::tie(layer, site) < std::tie(other.layer, other.site);
  }
};

using ActivationRanges = std::map<ActivationPlace, compress::Range>;

/// Training computes with quantized weights. They are quantized (compress::fake_quantize) before
/// each step's forward pass and before each evaluation. Their gradient is applied to the weights
/// (straight-through estimator; Bengio, Leonard, Courville 2013, arXiv 1308.3432). Masked weights
/// are excluded from ranges and stay zero.
struct QuantizeWeights {
  compress::QuantizerSettings settings;
  std::vector<std::string> keep;  ///< tensors with these names are not quantized
};

/// Rounds activations to a format within fixed ranges (compress::ActivationQuantizer). Values
/// outside are clamped and have zero gradient. There must be a range for every place.
struct RoundActivations {
  compress::NumberFormat format = compress::NumberFormat::int8;
  ActivationRanges ranges;
};

/// Rounds activations in training, where ranges change. Uses an exponential moving average (decay
/// 0.99) of each batch's minimum and maximum, starting with the first batch (Jacob et al. 2018,
/// arXiv 1712.05877, section 3.1). Evaluations during the training leave the averages unchanged.
struct RoundToMovingRanges {
  compress::NumberFormat format = compress::NumberFormat::int8;
};

/// Leaves activations unchanged and measures their ranges, for the codes of an integer format or
/// for the many steps of a floating-point format. The ranges are a part of the Evaluation.
struct MeasureRanges {
  compress::Clipping clipping;
  compress::NumberFormat format = compress::NumberFormat::int8;
};

/// Training accepts RoundActivations and RoundToMovingRanges, evaluation accepts RoundActivations
/// and MeasureRanges.
using ActivationTransform =
    std::variant<std::monostate, RoundActivations, RoundToMovingRanges, MeasureRanges>;

/// Decay of the averages of RoundToMovingRanges.
inline constexpr float kRangeDecay = 0.99F;
/// Steps for which MeasureRanges finds the range of least squared error in a floating-point format.
inline constexpr int kStepsOfFloats = 255;

[[nodiscard]] inline bool transforms(const ActivationTransform& transform) {
  return !std::holds_alternative<std::monostate>(transform);
}

}  // namespace minima::engine
