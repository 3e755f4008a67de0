// What a study does with its trained networks: how they are pruned and quantized. Each protocol is
// printed as one line that stands beside every figure that it leads to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "study/quantizer_settings.h"

namespace minima::study {

/// Which runs of an architecture on a dataset are compressed. Diverged runs never are.
enum class Representatives {
  median,  ///< the run of (lower) median accuracy
  best,    ///< the run of the highest test accuracy; of equal ones the lowest replicate
  all,
};

struct PruningProtocol {
  enum class Target {
    weights,  ///< single weights become zero
    units,    ///< units, channels and heads are taken out: a smaller network
  };
  enum class Criterion {
    magnitude,  ///< the smallest go: |w|, or the L1 norm of a unit's incoming weights
    random,     ///< the control
  };
  enum class Scope {
    global,    ///< all tensors compete
    layer,     ///< each tensor loses the same share
    one_layer  ///< one tensor at a time is pruned, the others are left whole: sensitivity
  };
  enum class Schedule {
    one_shot,   ///< every sparsity from the trained weights
    listed,     ///< the sparsities one after the other, each from the one before
    geometric,  ///< `rounds` rounds to the largest sparsity, equal shares of what is left
    linear,     ///< `rounds` rounds to the largest sparsity, equal shares of all weights
  };

  Target target = Target::weights;
  Criterion criterion = Criterion::magnitude;
  Scope scope = Scope::global;
  Schedule schedule = Schedule::one_shot;
  std::vector<double> sparsity = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99};
  int rounds = 10;                      ///< geometric and linear
  int epochs = 0;                       ///< of training after each pruning; 0: none
  std::optional<double> learning_rate;  ///< of that training; nothing: the study's
  /// After each pruning the weights that are left go back to those of this epoch (0: the initial
  /// ones), and training goes on from there to the study's last epoch.
  std::optional<int> rewind;
  bool biases = false;            ///< biases are pruned like weights
  std::vector<std::string> keep;  ///< layers and tensors that are left whole

  /// Whether each sparsity starts from the network of the one before.
  [[nodiscard]] bool is_iterative() const { return schedule != Schedule::one_shot; }
  /// The sparsities asked for, in the order in which they are made.
  [[nodiscard]] std::vector<double> steps() const;
  /// Canonical, in one line: everything that a curve of accuracy over sparsity depends on.
  [[nodiscard]] std::string text() const;
};

struct PruningSettings {
  Representatives representatives = Representatives::all;
  std::vector<PruningProtocol> protocols;  ///< empty: the study has no [pruning]
};

struct QuantizationProtocol {
  enum class Method {
    ptq,      ///< after training
    qat,      ///< training goes on with quantized weights, from the trained ones
    scratch,  ///< training with quantized weights from the initial ones, as long as the study's
  };
  enum class Scope {
    network,
    one_layer,  ///< one tensor at a time is quantized: sensitivity
  };
  struct Activations {
    enum class Kind { none, same, format };
    Kind kind = Kind::none;  ///< real numbers; the format of the weights; `format`
    NumberFormat format = NumberFormat::int8;
    bool operator==(const Activations&) const = default;
  };

  Method method = Method::ptq;
  Scope scope = Scope::network;
  std::vector<NumberFormat> formats;  ///< of weights; all formats by default
  Activations activations;
  Granularity granularity = Granularity::tensor;
  Scheme scheme = Scheme::symmetric;
  Clipping clipping{.rule = Clipping::Rule::automatic};
  Clipping activation_clipping{.rule = Clipping::Rule::automatic};
  int calibration_images = 1000;        ///< the first so many of the training images
  int epochs = 5;                       ///< qat
  std::optional<double> learning_rate;  ///< qat; nothing: the study's
  bool pruned = false;            ///< the networks of every pruning protocol are quantized too
  std::vector<std::string> keep;  ///< layers and tensors that are not quantized

  QuantizationProtocol();
  /// Of the activations beside weights of `format`; nothing where they stay real numbers, which
  /// ternary and binary ones always do under `same`.
  [[nodiscard]] std::optional<NumberFormat> activations_beside(NumberFormat format) const;
  /// Of the weights, with `automatic` clipping resolved for the format.
  [[nodiscard]] QuantizerSettings quantizer(NumberFormat format) const;
  /// Of activations of `format`, with `automatic` resolved.
  [[nodiscard]] Clipping clipping_of_activations(NumberFormat format) const;
  /// Canonical, in one line, without the formats: what a curve of accuracy over bits depends on.
  [[nodiscard]] std::string text() const;
};

struct QuantizationSettings {
  Representatives representatives = Representatives::all;
  std::vector<QuantizationProtocol> protocols;  ///< empty: the study has no [quantization]
};

}  // namespace minima::study
