// How a run is trained. The defaults are part of the specification; study files override them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "core/enum_words.h"

namespace minima::study {

struct Optimizer {
  enum class Kind { adam, sgd, adamw };
  Kind kind = Kind::adam;
  double momentum = 0.0;      ///< for sgd
  double beta1 = 0.9;         ///< for adam, adamw
  double beta2 = 0.999;       ///< for adam, adamw
  double epsilon = 1e-8;      ///< for adam, adamw
  double weight_decay = 0.0;  ///< adam, sgd: added to the gradient; adamw: decoupled (default 0.01)

  /// Numbers that training keeps for each parameter: its value and the optimizer's moments.
  [[nodiscard]] int values_per_parameter() const { return kind == Kind::sgd ? 2 : 3; }
};

constexpr auto words_of(Optimizer::Kind /*any*/) {
  return std::to_array<EnumWord<Optimizer::Kind>>({
      {Optimizer::Kind::adam, "adam"},
      {Optimizer::Kind::sgd, "sgd"},
      {Optimizer::Kind::adamw, "adamw"},
  });
}

/// Factor on the learning rate, by epoch e = 0..epochs-1.
struct Schedule {
  enum class Kind {
    constant,  ///< 1
    cosine,    ///< (1 + cos(pi e / epochs)) / 2
    step,      ///< factor ^ floor(e / every)
  };
  Kind kind = Kind::constant;
  int every = 10;       ///< for step: epochs between drops
  double factor = 0.1;  ///< for step
};

constexpr auto words_of(Schedule::Kind /*any*/) {
  return std::to_array<EnumWord<Schedule::Kind>>({
      {Schedule::Kind::constant, "constant"},
      {Schedule::Kind::cosine, "cosine"},
      {Schedule::Kind::step, "step"},
  });
}

/// Initial weights; biases start at zero except for `pytorch`.
struct Init {
  enum class Kind {
    normal,         ///< N(0, sd^2)
    he_normal,      ///< N(0, 2 / fan_in) (He et al. 2015)
    xavier_normal,  ///< N(0, 2 / (fan_in + fan_out)) (Glorot, Bengio 2010)
    pytorch,        ///< U(-b, b), b = 1 / sqrt(fan_in), biases too: torch.nn.Linear's default
  };
  Kind kind = Kind::he_normal;
  double sd = 0.05;  ///< for normal
};

constexpr auto words_of(Init::Kind /*any*/) {
  return std::to_array<EnumWord<Init::Kind>>({
      {Init::Kind::normal, "normal"},
      {Init::Kind::he_normal, "he-normal"},
      {Init::Kind::xavier_normal, "xavier-normal"},
      {Init::Kind::pytorch, "pytorch"},
  });
}

enum class Scaling {
  unit,          ///< pixels / 255
  standardised,  ///< (pixels / 255 - mean) / sd per channel of the training images
};

constexpr auto words_of(Scaling /*any*/) {
  return std::to_array<EnumWord<Scaling>>({
      {Scaling::unit, "unit"},
      {Scaling::standardised, "standardised"},
  });
}

enum class Loss {
  cross_entropy,  ///< softmax cross-entropy of the logits, mean over images
  mse,  ///< squared error of the logits against one-hot labels, mean over images and classes
};

constexpr auto words_of(Loss /*any*/) {
  return std::to_array<EnumWord<Loss>>({
      {Loss::cross_entropy, "cross-entropy"},
      {Loss::mse, "mse"},
  });
}

/// Weights of the classes in the training loss; test and validation losses are not weighted.
enum class ClassWeights {
  none,      ///< every image counts the same
  balanced,  ///< every class counts the same: images / (classes * images of the class)
};

constexpr auto words_of(ClassWeights /*any*/) {
  return std::to_array<EnumWord<ClassWeights>>({
      {ClassWeights::none, "none"},
      {ClassWeights::balanced, "balanced"},
  });
}

struct TrainSettings {
  int epochs = 20;
  int batch = 100;
  Optimizer optimizer;
  double learning_rate = 0.001;
  Schedule schedule;
  Init init;
  Scaling scaling = Scaling::unit;
  Loss loss = Loss::cross_entropy;
  ClassWeights class_weights = ClassWeights::none;

  /// "key=value" for every setting that differs from its default, in the order of the option table,
  /// separated by spaces. Empty for the defaults. Part of a run's id.
  [[nodiscard]] std::string text() const;

  /// Images per step if there are `images` for training: a smaller set is one batch. The id of a
  /// run contains `batch` itself.
  [[nodiscard]] int batch_of(std::int64_t images) const {
    return static_cast<int>(std::clamp<std::int64_t>(images, 1, batch));
  }

  /// The same settings with the batch that training uses.
  [[nodiscard]] TrainSettings with_batch_of(std::int64_t images) const {
    TrainSettings settings = *this;
    settings.batch = batch_of(images);
    return settings;
  }
};

/// Factor of the schedule at an epoch, counted from 0.
[[nodiscard]] double schedule_factor(const Schedule& schedule, int epoch, int epochs);

}  // namespace minima::study
