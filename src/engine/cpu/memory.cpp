#include "engine/cpu/memory.h"

#include <unistd.h>

#include "engine/cpu/optimizer_sink.h"
#include "engine/network/network.h"

namespace minima::engine {

TrainingBytes cpu_training_bytes(const network::Architecture& architecture, const Problem& problem,
                                 const study::TrainSettings& train, std::uint64_t limit) {
  const BatchShape batch = batch_shape(static_cast<std::size_t>(train.batch));
  const Network network(architecture, problem, batch, {.sizes_only = true});
  TrainingBytes bytes{.own =
                          OptimizerSink::arena_floats(train.optimizer, network.parameter_floats()) *
                          sizeof(float)};
  for (const LayerInfo& layer : network.layers()) {
    bytes.shared += static_cast<std::uint64_t>(layer.outputs) * batch.stride * sizeof(float);
  }
  if (bytes.total() > limit) return bytes;
  const std::uint64_t images = static_cast<std::uint64_t>(problem.image.pixels()) * batch.stride;
  bytes.shared = (network.workspace_floats() + 2 * images) * sizeof(float);
  return bytes;
}

study::CohortLimits cpu_cohort_limits(const study::Optimizer& optimizer) {
  const auto bytes_per_parameter =
      static_cast<std::int64_t>(optimizer.values_per_parameter() * sizeof(float));
  study::CohortLimits limits;
  const long cache = sysconf(_SC_LEVEL2_CACHE_SIZE);
  if (cache > 0) limits.max_parameters = cache / bytes_per_parameter;
  return limits;
}

}  // namespace minima::engine
