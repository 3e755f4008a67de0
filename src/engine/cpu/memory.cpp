#include "engine/cpu/memory.h"

#include "engine/cpu/optimizer_sink.h"
#include "engine/network/network.h"

namespace minima::engine {

TrainingMemory training_memory(const network::Architecture& architecture, const Problem& problem,
                               const study::TrainSettings& train, std::uint64_t limit) {
  const BatchShape batch = batch_shape(static_cast<std::size_t>(train.batch));
  const Network network(architecture, problem, batch, {.sizes_only = true});
  TrainingMemory memory{
      .own =
          OptimizerSink::arena_floats(train.optimizer, network.parameter_floats()) * sizeof(float)};
  for (const LayerInfo& layer : network.layers()) {
    memory.workspace += static_cast<std::uint64_t>(layer.outputs) * batch.stride * sizeof(float);
  }
  if (memory.total() > limit) return memory;
  memory.workspace = network.workspace_floats() * sizeof(float);
  memory.batch =
      2 * static_cast<std::uint64_t>(problem.image.pixels()) * batch.stride * sizeof(float);
  return memory;
}

}  // namespace minima::engine
