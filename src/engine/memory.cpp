#include "engine/memory.h"

#include "engine/network.h"
#include "engine/optimizer_sink.h"
#include "study/layers.h"

namespace minima::engine {

namespace {

TrainingMemory least_memory(const study::Architecture& architecture, const Problem& problem,
                            const study::TrainSettings& train, const BatchShape& batch) {
  const auto parameters = static_cast<std::size_t>(study::parameter_count(architecture, problem));
  TrainingMemory memory{.own = OptimizerSink::arena_floats(train.optimizer, parameters) *
                               sizeof(float)};
  for (const study::LayerSpec& layer : study::layers_of(architecture, problem)) {
    memory.workspace += static_cast<std::uint64_t>(layer.outputs()) * batch.stride * sizeof(float);
  }
  return memory;
}

}  // namespace

TrainingMemory training_memory(const study::Architecture& architecture, const Problem& problem,
                               const study::TrainSettings& train, std::uint64_t limit) {
  const BatchShape batch = batch_shape(static_cast<std::size_t>(train.batch));
  const TrainingMemory least = least_memory(architecture, problem, train, batch);
  if (least.total() > limit) return least;
  const Network network(architecture, problem, batch);
  const auto pixels = static_cast<std::uint64_t>(problem.image.pixels());
  return {.own = OptimizerSink::arena_floats(train.optimizer, network.parameter_floats()) *
                 sizeof(float),
          .workspace = network.workspace_floats() * sizeof(float),
          .batch = 2 * pixels * batch.stride * sizeof(float)};
}

}  // namespace minima::engine
