#include "run/estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "core/error.h"
#include "core/text.h"
#include "run/datasets.h"
#include "study/layers.h"

namespace minima::run {
namespace {

double image_passes(const study::Run& run, const store::DatasetRecord& dataset) {
  return static_cast<double>(run.train.epochs) *
             static_cast<double>(dataset.train_count + dataset.test_count) +
         static_cast<double>(dataset.train_count);
}

double history_bytes(const study::Run& run, std::size_t layers) {
  const double epoch =
      kStoreBytesPerEpoch + kStoreBytesPerEpochAndLayer * static_cast<double>(layers);
  return kStoreBytesPerRun + static_cast<double>(run.train.epochs) * epoch;
}

// Weights, gradients and two moments of every parameter, and for every activation its value and its
// gradient for one batch.
double training_bytes(const study::Run& run, const Problem& problem) {
  double activations = 0.0;
  for (const auto& layer : study::layers_of(run.architecture, problem))
    activations += static_cast<double>(layer.outputs());
  const auto parameters = static_cast<double>(study::parameter_count(run.architecture, problem));
  return 4.0 * (4.0 * parameters + 2.0 * activations * run.train.batch);
}

}  // namespace

RunFlop flop_of(const study::Run& run, const store::DatasetRecord& dataset) {
  const auto epochs = static_cast<double>(run.train.epochs);
  const auto train = static_cast<double>(dataset.train_count);
  const auto test = static_cast<double>(dataset.test_count);
  const auto step = static_cast<double>(study::training_flop(run.architecture, dataset.problem));
  const auto pass = static_cast<double>(study::inference_flop(run.architecture, dataset.problem));
  return {.training = epochs * train * step, .evaluation = (epochs * test + train) * pass};
}

double efficiency_of(double flop) {
  return kBestEfficiency * flop / (flop + kHalfwayFlop);
}

double core_seconds(const study::Run& run, const store::DatasetRecord& dataset,
                    double peak_gflops) {
  const auto image = static_cast<double>(study::training_flop(run.architecture, dataset.problem));
  const double efficiency = efficiency_of(image * run.train.batch);
  const double preparation = image_passes(run, dataset) * dataset.problem.image.pixels() *
                             kPrepareSecondsPerPixel / kTypicalCohort;
  return flop_of(run, dataset).total() / (peak_gflops * 1e9 * efficiency) + preparation;
}

Estimate estimate(std::span<const study::Run> runs, const RecordOf& record_of,
                  const EstimateInput& input) {
  Estimate total;
  std::set<std::string> architectures;
  std::set<std::pair<std::string, std::string>> represented;
  std::set<std::string> datasets;
  double largest_run = 0.0;
  double longest = 0.0;
  double core_time = 0.0;
  const auto jobs = static_cast<double>(input.jobs);
  for (const study::Run& run : runs) {
    const store::DatasetRecord& dataset = record_of(run.dataset);
    const std::string text = run.architecture.text();
    architectures.insert(text);
    if (datasets.insert(run.dataset).second) {
      total.memory_bytes += static_cast<double>(bytes_of(dataset));
    }
    ++total.runs;
    total.flop += flop_of(run, dataset).total();
    const double seconds = core_seconds(run, dataset, input.peak_gflops / jobs);
    core_time += seconds;
    longest = std::max(longest, seconds);
    total.store_bytes +=
        history_bytes(run, study::layers_of(run.architecture, dataset.problem).size());
    const bool kept = input.weights == study::KeepWeights::all ||
                      (input.weights == study::KeepWeights::representative &&
                       represented.emplace(run.dataset, text).second);
    if (kept) {
      total.store_bytes +=
          4.0 * static_cast<double>(study::parameter_count(run.architecture, dataset.problem));
    }
    largest_run = std::max(largest_run, training_bytes(run, dataset.problem));
  }
  total.architectures = static_cast<std::int64_t>(architectures.size());
  total.seconds = std::max(core_time / jobs, longest);
  total.memory_bytes += kProgramBytes + jobs * largest_run;
  return total;
}

void refuse_too_large(const Estimate& estimate, std::uint64_t physical_bytes,
                      const std::string& study_file) {
  if (estimate.memory_bytes <= static_cast<double>(physical_bytes)) return;
  throw input_error(
      {study_file, ""},
      fmt::format("needs about {} of memory, this machine has {}",
                  human_bytes(static_cast<std::uint64_t>(std::min(estimate.memory_bytes, 1e18))),
                  human_bytes(physical_bytes)),
      "use smaller architectures, fewer datasets or fewer --jobs");
}

}  // namespace minima::run
