#include "run/variants/pruning.h"

#include <algorithm>
#include <map>
#include <utility>

#include "compress/prune/dead_units.h"
#include "compress/prune/pruning_mask.h"
#include "compress/prune/structured_pruning.h"
#include "core/numbers/random.h"

namespace minima::run {
namespace {

using study::PruningProtocol;
using Networks = std::vector<CompressedNetwork>;

class Pruning {
 public:
  Pruning(const PruningProtocol& protocol, std::span<const TrainedRun> runs,
          const Retraining& retraining)
      : protocol_(protocol), runs_(runs), retraining_(retraining) {}

  [[nodiscard]] Networks networks() {
    if (protocol_.rewind && !rewind_weights()) return {};
    if (protocol_.scope == PruningProtocol::Scope::one_layer) return one_tensor_at_a_time();
    return protocol_.is_iterative() ? step_by_step() : all_at_once();
  }

 private:
  [[nodiscard]] bool rewind_weights();
  [[nodiscard]] Networks one_tensor_at_a_time() const;
  [[nodiscard]] Networks all_at_once();
  [[nodiscard]] Networks step_by_step();

  [[nodiscard]] CompressedNetwork trained(const TrainedRun& run) const;
  void prune(CompressedNetwork& network, double sparsity) const;
  void prune_weights(CompressedNetwork& network, double sparsity) const;
  void prune_units(CompressedNetwork& network, double before, double sparsity) const;
  void rewind(CompressedNetwork& network) const;
  /// Returns false if a stop was requested.
  [[nodiscard]] bool train(Networks& networks, int step) const;

  [[nodiscard]] network::Graph graph_of(const CompressedNetwork& network) const {
    return network::graph_of(network.architecture, retraining_.dataset().problem());
  }

  const PruningProtocol& protocol_;
  std::span<const TrainedRun> runs_;
  const Retraining& retraining_;
  /// Weights to rewind each run to; empty without rewinding.
  std::map<const TrainedRun*, std::vector<float>> early_;
};

CompressedNetwork Pruning::trained(const TrainedRun& run) const {
  return {.origin = &run, .architecture = run.run.architecture, .parameters = run.parameters};
}

bool Pruning::rewind_weights() {
  std::vector<const TrainedRun*> all;
  for (const TrainedRun& run : runs_) all.push_back(&run);
  std::vector<std::vector<float>> weights = retraining_.early_weights(all, *protocol_.rewind);
  for (std::size_t i = 0; i < weights.size(); ++i) early_[all[i]] = std::move(weights[i]);
  return !early_.empty();
}

Networks Pruning::one_tensor_at_a_time() const {
  Networks networks;
  for (const TrainedRun& run : runs_) {
    const CompressedNetwork whole = trained(run);
    const auto tensors = compress::prunable_tensors(
        graph_of(whole), {.biases = protocol_.biases, .keep = protocol_.keep});
    for (const network::Tensor& tensor : tensors) {
      for (const double sparsity : protocol_.steps()) {
        CompressedNetwork& network = networks.emplace_back(whole);
        network.tensor = tensor.spec.name;
        prune(network, sparsity);
      }
    }
  }
  return networks;
}

Networks Pruning::all_at_once() {
  Networks networks;
  for (const double sparsity : protocol_.steps()) {
    for (const TrainedRun& run : runs_) {
      networks.push_back(trained(run));
      prune(networks.back(), sparsity);
    }
  }
  if (!train(networks, 0)) return {};
  return networks;
}

Networks Pruning::step_by_step() {
  Networks current;
  for (const TrainedRun& run : runs_) current.push_back(trained(run));
  Networks all;
  int step = 0;
  for (const double sparsity : protocol_.steps()) {
    for (CompressedNetwork& network : current) prune(network, sparsity);
    if (!train(current, step++)) return {};
    all.insert(all.end(), current.begin(), current.end());
    std::erase_if(current,
                  [](const CompressedNetwork& network) { return !network.failure.empty(); });
  }
  return all;
}

void Pruning::prune(CompressedNetwork& network, double sparsity) const {
  const double before = std::exchange(network.sparsity_asked, sparsity);
  if (protocol_.target == PruningProtocol::Target::units) {
    return prune_units(network, before, sparsity);
  }
  prune_weights(network, sparsity);
  if (protocol_.rewind) rewind(network);
}

void Pruning::prune_weights(CompressedNetwork& network, double sparsity) const {
  const bool globally = protocol_.scope == PruningProtocol::Scope::global;
  const compress::PruningTarget target{
      .sparsity = sparsity,
      .scope = globally ? compress::PruningScope::global : compress::PruningScope::tensor,
      .which = {.biases = protocol_.biases, .keep = protocol_.keep, .only = network.tensor}};
  const network::Graph graph = graph_of(network);
  if (protocol_.criterion == PruningProtocol::Criterion::random) {
    const study::Run& run = network.origin->run;
    network.mask = compress::random_mask(graph, network.mask, target,
                                         {.seed = run.seed, .subject = subject_of(run.id)});
  } else {
    network.mask = compress::magnitude_mask(graph, network.parameters, network.mask, target);
  }
  compress::apply_mask(network.mask, network.parameters);
}

// Converts two sparsities of the whole network to the fraction of the remaining units to prune.
void Pruning::prune_units(CompressedNetwork& network, double before, double sparsity) const {
  const double share = 1.0 - (1.0 - sparsity) / (1.0 - before);
  compress::StructuredPruning smaller =
      compress::prune_units(network.architecture, retraining_.dataset().problem(),
                            network.parameters, {}, {.units = share, .heads = share});
  if (!smaller.network) {
    network.failure = std::move(smaller.refusal);
    return;
  }
  network.architecture = std::move(smaller.network->architecture);
  network.parameters = std::move(smaller.network->parameters);
}

void Pruning::rewind(CompressedNetwork& network) const {
  network.parameters = early_.at(network.origin);
  compress::apply_mask(network.mask, network.parameters);
}

bool Pruning::train(Networks& networks, int step) const {
  if (protocol_.epochs == 0 && !protocol_.rewind) return true;
  const study::TrainSettings& train = runs_.front().run.train;
  RetrainingPlan plan{.first_epoch = train.epochs + step * protocol_.epochs,
                      .last_epoch = train.epochs + (step + 1) * protocol_.epochs,
                      .learning_rate = protocol_.learning_rate.value_or(train.learning_rate)};
  if (protocol_.rewind) plan = {.first_epoch = *protocol_.rewind, .last_epoch = train.epochs};
  std::vector<CompressedNetwork*> all;
  for (CompressedNetwork& network : networks) {
    if (network.failure.empty()) all.push_back(&network);
  }
  return retraining_.train(all, plan);
}

// Results do not contain dead hidden units.
void remove_dead_units(CompressedNetwork& network, const Problem& problem) {
  if (network.mask.empty() || !network.failure.empty()) return;
  compress::DeadUnitRemoval removal =
      compress::remove_dead_units(network.architecture, problem, network.parameters, network.mask);
  for (const compress::DeadUnits& layer : removal.layers) {
    network.dead_units += static_cast<std::int64_t>(layer.dead());
  }
  if (!removal.network || network.dead_units == 0) return;
  network.architecture = std::move(removal.network->architecture);
  network.parameters = std::move(removal.network->parameters);
  network.mask = std::move(removal.network->mask);
}

}  // namespace

std::vector<CompressedNetwork> pruned_networks(const study::PruningProtocol& protocol,
                                               std::span<const TrainedRun> runs,
                                               const Retraining& retraining) {
  Networks networks = Pruning(protocol, runs, retraining).networks();
  for (CompressedNetwork& network : networks) {
    remove_dead_units(network, retraining.dataset().problem());
  }
  return networks;
}

}  // namespace minima::run
