#include "run/estimate/estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "core/error.h"
#include "core/text.h"
#include "measure/tensor_summary.h"
#include "network/derive/work.h"
#include "network/families/lower.h"
#include "run/estimate/cost_model.h"

namespace minima::run {
namespace {

double history_bytes(const study::Run& run, std::size_t layers) {
  const double epoch =
      kStoreBytesPerEpoch + kStoreBytesPerEpochAndLayer * static_cast<double>(layers);
  return kStoreBytesPerRun + static_cast<double>(run.train.epochs) * epoch;
}

// Bytes of the weight summaries at start and end.
double summary_bytes(const network::Graph& graph) {
  double bytes = 0.0;
  for (const network::Tensor& tensor : graph.tensors) {
    bytes += 2.0 * kStoreBytesPerTensor;
    if (tensor.spec.shape.size() < 2) continue;
    const std::int64_t nodes =
        std::min<std::int64_t>(tensor.spec.shape.front(), measure::kNodeValues);
    bytes += 2.0 * (kStoreBytesPerMatrix + kStoreBytesPerNode * static_cast<double>(nodes));
  }
  return bytes;
}

// Costs shared by all runs of an architecture on a dataset.
struct RunCost {
  double flop = 0.0;
  double seconds = 0.0;
  double history_bytes = 0.0;
  double weight_bytes = 0.0;
  double prediction_bytes = 0.0;
  double memory_bytes = 0.0;
  std::int64_t layers = 0;
  std::int64_t tensors = 0;
  std::int64_t runs = 0;
};

// Adds one run with the given cost.
void add_size(store::StoreSize& size, const study::Run& run, const RunCost& cost,
              std::size_t weight_epochs) {
  ++size.runs;
  size.epochs += run.train.epochs;
  size.layer_signals += run.train.epochs * cost.layers;
  // Summaries at the start, at the end, and at the requested epochs in between.
  size.summaries += static_cast<std::int64_t>(2 + weight_epochs) * cost.tensors;
  size.most_replicates = std::max(size.most_replicates, cost.runs);
}

RunCost cost_of(const engine::Backend& backend, const study::Run& run,
                const record::DatasetRecord& dataset, const EstimateInput& input) {
  const Problem& problem = dataset.problem;
  const double core_peak = input.peak_gflops / static_cast<double>(input.jobs);
  const std::uint64_t limit =
      input.memory_limit > 0 ? input.memory_limit : engine::kUnlimitedMemory;
  const auto memory = backend.training_bytes(run.architecture, problem,
                                             run.train.with_batch_of(dataset.train_count), limit);
  const network::Graph graph = network::graph_of(run.architecture, problem);
  return {.flop = flop_of(run, dataset).total(),
          .seconds = core_seconds(run, dataset, core_peak),
          .history_bytes = history_bytes(run, graph.layers.size()) + summary_bytes(graph),
          .weight_bytes = 4.0 * static_cast<double>(graph.parameters()),
          .prediction_bytes = input.predictions == study::KeepPredictions::none
                                  ? 0.0
                                  : image_bytes(dataset, kBitsPerPrediction),
          .memory_bytes = static_cast<double>(memory.total()),
          .layers = static_cast<std::int64_t>(graph.layers.size()),
          .tensors = static_cast<std::int64_t>(graph.tensors.size())};
}

void add_memory(Estimate& total, const EstimateInput& input) {
  const double workers = static_cast<double>(
      std::min<std::int64_t>(static_cast<std::int64_t>(input.jobs), total.runs));
  total.memory_bytes = total.fixed_bytes + workers * total.largest_run_bytes;
  if (input.memory_limit == 0) return;
  const double least = total.fixed_bytes + total.largest_run_bytes;
  total.memory_bytes =
      std::max(least, std::min(total.memory_bytes, static_cast<double>(input.memory_limit)));
}

}  // namespace

RunFlop flop_of(const study::Run& run, const record::DatasetRecord& dataset) {
  const auto epochs = static_cast<double>(run.train.epochs);
  const auto train = static_cast<double>(dataset.train_count);
  const auto test = static_cast<double>(dataset.test_count);
  const auto validation = static_cast<double>(dataset.validation_count);
  const network::Graph graph = network::graph_of(run.architecture, dataset.problem);
  const auto step = static_cast<double>(network::training_flop(graph));
  const auto pass = static_cast<double>(network::inference_flop(graph));
  return {.training = epochs * train * step,
          .evaluation = (epochs * test + train + validation) * pass};
}

double peak_flop_of(const study::Run& run, const record::DatasetRecord& dataset) {
  const study::TrainSettings settings = run.train.with_batch_of(dataset.train_count);
  const StepWork work = step_work(run.architecture, dataset.problem, settings);
  const double epochs = run.train.epochs;
  const auto train = static_cast<double>(dataset.train_count);
  const auto test = static_cast<double>(dataset.test_count);
  const auto validation = static_cast<double>(dataset.validation_count);
  const double steps = epochs * train / settings.batch;
  const double passes = (epochs * test + train + validation) / settings.batch;
  return steps * peak_flop_of(work) + passes * forward_peak_flop_of(work);
}

double core_seconds(const study::Run& run, const record::DatasetRecord& dataset,
                    double peak_gflops) {
  return peak_flop_of(run, dataset) / (peak_gflops * 1e9);
}

double image_bytes(const record::DatasetRecord& dataset, double bits) {
  const auto images = static_cast<double>(dataset.validation_count + dataset.test_count);
  return kStoreBytesPerPredictions + images * bits / 8.0;
}

double fixed_bytes(std::span<const study::Run> runs, const RecordOf& record_of) {
  std::map<std::string, double> datasets;
  for (const study::Run& run : runs) {
    const auto [at, is_new] = datasets.try_emplace(run.dataset, 0.0);
    if (is_new) at->second = static_cast<double>(bytes_of(record_of(run.dataset)));
  }
  double sum = 0.0;
  double largest = 0.0;
  for (const auto& [name, bytes] : datasets) {
    sum += bytes;
    largest = std::max(largest, bytes);
  }
  // Datasets are used one after the other. At a change, two are in use beside those that the pool
  // keeps.
  return kProgramBytes + std::min(sum, static_cast<double>(kKeepBytes) + 2.0 * largest);
}

std::uint64_t left_for_workers(std::span<const study::Run> runs, const DatasetPool& datasets,
                               std::uint64_t limit) {
  if (limit == 0) return 0;
  const double fixed = fixed_bytes(
      runs, [&](const std::string& name) -> const auto& { return datasets.record(name); });
  return static_cast<std::uint64_t>(std::max(1.0, static_cast<double>(limit) - fixed));
}

Estimate estimate(const engine::Backend& backend, std::span<const study::Run> runs,
                  const RecordOf& record_of, const EstimateInput& input) {
  Estimate total;
  std::map<std::pair<std::string, std::string>, RunCost> costs;
  std::map<std::string, int> architectures;
  double longest = 0.0;
  double core_time = 0.0;
  const auto jobs = static_cast<double>(input.jobs);
  for (const study::Run& run : runs) {
    std::string text = run.architecture.text();
    ++architectures[text];
    const auto [at, is_new] = costs.try_emplace({run.dataset, std::move(text)});
    RunCost& cost = at->second;
    if (is_new) {
      const record::DatasetRecord& dataset = record_of(run.dataset);
      cost = cost_of(backend, run, dataset, input);
      total.size.most_images = std::max(total.size.most_images, dataset.test_count);
      longest = std::max(longest, cost.seconds);
      if (cost.memory_bytes > total.largest_run_bytes) {
        total.largest_run_bytes = cost.memory_bytes;
        total.largest_run = at->first.second;
      }
    }
    ++total.runs;
    ++cost.runs;
    add_size(total.size, run, cost, input.weight_epochs);
    total.flop += cost.flop;
    core_time += cost.seconds;
    total.store_bytes += cost.history_bytes + cost.prediction_bytes;
    total.prediction_bytes += cost.prediction_bytes;
    const bool kept = input.weights == study::KeepWeights::all ||
                      (input.weights == study::KeepWeights::representative && is_new);
    if (kept) total.store_bytes += cost.weight_bytes;
  }
  total.architectures = static_cast<std::int64_t>(architectures.size());
  total.seconds = std::max(core_time / jobs, longest);
  total.fixed_bytes = fixed_bytes(runs, record_of);
  add_memory(total, input);
  return total;
}

void refuse_too_large(double bytes, std::uint64_t limit, const std::string& architecture,
                      const Place& place) {
  if (limit == 0 || bytes <= static_cast<double>(limit)) return;
  throw input_error(
      place,
      fmt::format("training \"{}\" needs about {} of memory, the limit is {}", architecture,
                  human_bytes(static_cast<std::uint64_t>(std::min(bytes, 1e18))),
                  human_bytes(limit)),
      "use a smaller architecture or batch, or raise --memory");
}

}  // namespace minima::run
