#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "compress/integer/build_integer_network.h"
#include "engine/initial_weights.h"
#include "engine/prepared_dataset.h"
#include "network/families/lower.h"
#include "small_data.h"

namespace minima::engine {

/// An untrained network in 8-bit integers; its ranges are wide enough for the images.
inline compress::IntegerNetwork small_integer_network(const std::string& architecture,
                                                      const data::Dataset& dataset) {
  const study::Run run = small_run(architecture, quick_settings());
  const PixelScaling pixels = pixel_scaling(run.train.scaling, dataset);
  const std::vector<float> parameters = initial_parameters(run, dataset.problem());
  const std::size_t layers = network::graph_of(run.architecture, dataset.problem()).layers.size();
  const std::vector<compress::Range> ranges(layers, {.low = 0.0F, .high = 8.0F});
  const compress::IntegerBuild build =
      compress::build_integer_network({.architecture = run.architecture,
                                       .problem = dataset.problem(),
                                       .parameters = parameters,
                                       .mask = {},
                                       .pixel_scale = pixels.scale,
                                       .pixel_shift = pixels.shift},
                                      ranges, {});
  EXPECT_TRUE(build.network) << build.reason;
  return build.network.value();
}

}  // namespace minima::engine
