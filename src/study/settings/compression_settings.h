// How a study prunes and quantizes its trained networks. The one-line text of a protocol is
// recorded with every figure that it leads to.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/enum_words.h"
#include "study/settings/quantizer_settings.h"

namespace minima::study {

/// Which runs of an architecture on a dataset are compressed. Diverged runs are never compressed.
enum class Representatives {
  median,  ///< the run of (lower) median accuracy
  best,    ///< the run of highest test accuracy; ties go to the lowest replicate
  all,
};

constexpr auto words_of(Representatives /*any*/) {
  return std::to_array<EnumWord<Representatives>>({
      {Representatives::median, "median"},
      {Representatives::best, "best"},
      {Representatives::all, "all"},
  });
}

struct PruningProtocol {
  enum class Target {
    weights,  ///< single weights become zero
    units,    ///< units, channels and heads are removed, giving a smaller network
  };
  enum class Criterion {
    magnitude,  ///< the smallest are pruned: |w|, or the L1 norm of a unit's incoming weights
    random,     ///< control condition
  };
  enum class Scope {
    global,    ///< all tensors compete
    layer,     ///< each tensor loses the same fraction
    one_layer  ///< sensitivity: one tensor is pruned at a time, the others stay unchanged
  };
  enum class Schedule {
    one_shot,   ///< every sparsity starts from the trained weights
    listed,     ///< the listed sparsities in order, each starting from the previous one
    geometric,  ///< `rounds` rounds to the largest sparsity; each prunes an equal fraction of the
                ///< remaining weights
    linear,     ///< `rounds` rounds to the largest sparsity; each prunes an equal fraction of all
                ///< weights
  };

  Target target = Target::weights;
  Criterion criterion = Criterion::magnitude;
  Scope scope = Scope::global;
  Schedule schedule = Schedule::one_shot;
  std::vector<double> sparsity = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99};
  int rounds = 10;                      ///< for geometric and linear
  int epochs = 0;                       ///< of training after each pruning; 0: none
  std::optional<double> learning_rate;  ///< of that training; empty: the study's
  /// Epoch to rewind to (0: initial weights). After each pruning the remaining weights return to
  /// their values at this epoch and train to the study's last epoch.
  std::optional<int> rewind;
  bool biases = false;            ///< whether biases are pruned like weights
  std::vector<std::string> keep;  ///< layers and tensors that are not pruned

  /// Whether each sparsity starts from the network of the previous one.
  [[nodiscard]] bool is_iterative() const { return schedule != Schedule::one_shot; }
  /// The target sparsities in the order in which they are reached.
  [[nodiscard]] std::vector<double> steps() const;
  /// Canonical text in one line: everything that a curve of accuracy by sparsity depends on.
  [[nodiscard]] std::string text() const;
};

constexpr auto words_of(PruningProtocol::Target /*any*/) {
  return std::to_array<EnumWord<PruningProtocol::Target>>({
      {PruningProtocol::Target::weights, "weights"},
      {PruningProtocol::Target::units, "units"},
  });
}
constexpr auto words_of(PruningProtocol::Criterion /*any*/) {
  return std::to_array<EnumWord<PruningProtocol::Criterion>>({
      {PruningProtocol::Criterion::magnitude, "magnitude"},
      {PruningProtocol::Criterion::random, "random"},
  });
}
constexpr auto words_of(PruningProtocol::Scope /*any*/) {
  return std::to_array<EnumWord<PruningProtocol::Scope>>({
      {PruningProtocol::Scope::global, "global"},
      {PruningProtocol::Scope::layer, "layer"},
      {PruningProtocol::Scope::one_layer, "one-layer"},
  });
}
constexpr auto words_of(PruningProtocol::Schedule /*any*/) {
  return std::to_array<EnumWord<PruningProtocol::Schedule>>({
      {PruningProtocol::Schedule::one_shot, "one-shot"},
      {PruningProtocol::Schedule::listed, "listed"},
      {PruningProtocol::Schedule::geometric, "geometric"},
      {PruningProtocol::Schedule::linear, "linear"},
  });
}

struct PruningSettings {
  Representatives representatives = Representatives::all;
  std::vector<PruningProtocol> protocols;  ///< empty: the study has no [pruning] section
};

struct QuantizationProtocol {
  enum class Method {
    ptq,      ///< after training
    qat,      ///< training continues from the trained weights, with quantized weights
    scratch,  ///< training starts from the initial weights, quantized, as long as the study's
  };
  enum class Scope {
    network,
    one_layer,  ///< sensitivity: one tensor is quantized at a time
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
  int calibration_images =
      1000;        ///< number of calibration images, taken from the start of the training split
  int epochs = 5;  ///< for qat
  std::optional<double> learning_rate;  ///< for qat; empty: the study's
  bool pruned = false;  ///< whether the networks of every pruning protocol are also quantized
  std::vector<std::string> keep;  ///< layers and tensors that are not quantized

  QuantizationProtocol();
  /// Format of the activations with weights of `format`. Empty if they stay real numbers, which is
  /// always so for ternary and binary weights under `same`.
  [[nodiscard]] std::optional<NumberFormat> activations_beside(NumberFormat format) const;
  /// Quantizer of the weights, with `automatic` clipping resolved for the format.
  [[nodiscard]] QuantizerSettings quantizer(NumberFormat format) const;
  /// Clipping of activations of `format`, with `automatic` resolved.
  [[nodiscard]] Clipping clipping_of_activations(NumberFormat format) const;
  /// Canonical text in one line, without formats: what a curve of accuracy by bits depends on.
  [[nodiscard]] std::string text() const;
};

constexpr auto words_of(QuantizationProtocol::Method /*any*/) {
  return std::to_array<EnumWord<QuantizationProtocol::Method>>({
      {QuantizationProtocol::Method::ptq, "ptq"},
      {QuantizationProtocol::Method::qat, "qat"},
      {QuantizationProtocol::Method::scratch, "scratch"},
  });
}
constexpr auto words_of(QuantizationProtocol::Scope /*any*/) {
  return std::to_array<EnumWord<QuantizationProtocol::Scope>>({
      {QuantizationProtocol::Scope::network, "network"},
      {QuantizationProtocol::Scope::one_layer, "one-layer"},
  });
}

/// The protocol with this text(); nullopt if there is none. The sparsities of `one-shot` and the
/// formats are not in the text, and get their defaults.
[[nodiscard]] std::optional<PruningProtocol> parse_pruning(std::string_view text);
[[nodiscard]] std::optional<QuantizationProtocol> parse_quantization(std::string_view text);

struct QuantizationSettings {
  Representatives representatives = Representatives::all;
  std::vector<QuantizationProtocol> protocols;  ///< empty: the study has no [quantization] section
};

}  // namespace minima::study
