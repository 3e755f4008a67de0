#pragma once

#include <string>

#include "core/numbers/random.h"
#include "data/dataset.h"
#include "study/run.h"

namespace minima::engine {

/// Images that fit every family and take plain loops no time.
inline constexpr ImageShape kSmallImage{1, 6, 6};

/// Images of noise around one prototype per class: easy to learn, quick to make.
inline data::Split noisy_prototypes(std::size_t count, const ImageShape& shape, int classes,
                                    std::uint64_t seed) {
  data::Split split;
  RandomStream prototypes(1, 0, Purpose::generated_image);
  const auto pixels = static_cast<std::size_t>(shape.pixels());
  std::vector<double> means(pixels * static_cast<std::size_t>(classes));
  for (double& mean : means) mean = prototypes.uniform(40.0, 215.0);
  RandomStream noise(seed, 1, Purpose::generated_image);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t label = i % static_cast<std::size_t>(classes);
    split.labels.push_back(static_cast<std::uint16_t>(label));
    for (std::size_t p = 0; p < pixels; ++p) {
      const double value = means[label * pixels + p] + noise.uniform(-40.0, 40.0);
      split.images.push_back(static_cast<std::uint8_t>(value));
    }
  }
  return split;
}

inline data::Dataset small_dataset(std::size_t train = 330, std::size_t test = 75,
                                   ImageShape shape = {1, 6, 7}, int classes = 4) {
  data::Dataset dataset;
  dataset.name = "prototypes";
  dataset.shape = shape;
  for (int c = 0; c < classes; ++c) dataset.class_names.push_back("class " + std::to_string(c));
  dataset.train = noisy_prototypes(train, shape, classes, 11);
  dataset.test = noisy_prototypes(test, shape, classes, 12);
  return dataset;
}

inline study::TrainSettings quick_settings() {
  study::TrainSettings settings;
  settings.epochs = 3;
  settings.batch = 50;
  settings.learning_rate = 0.01;
  return settings;
}

inline study::Run small_run(const std::string& architecture, const study::TrainSettings& settings,
                            int replicate = 0) {
  return study::make_run("prototypes", network::Architecture::parse(architecture), replicate, 1,
                         settings);
}

}  // namespace minima::engine
