#include "analysis/weights/raw_weights.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "compress/prune/unit_order.h"
#include "measure/distances.h"
#include "network/families/lower.h"

namespace minima::analysis {
namespace {

using Runs = std::vector<const WeightRun*>;
using Squares = std::map<LayerRole, std::vector<float>>;  // [n][n] for each role

/// The matrices of an architecture: their roles and their offsets among all parameters.
struct Parts {
  network::Graph graph;
  std::vector<std::pair<LayerRole, network::Tensor>> matrices;
  std::map<LayerRole, std::size_t> dimensions;  ///< weights of each role
};

Parts parts_of(const std::string& architecture, const WeightFamily& family) {
  Parts parts{.graph =
                  network::graph_of(network::Architecture::parse(architecture), family.problem)};
  for (const auto& [index, role] : matrices_of(parts.graph)) {
    const network::Tensor& tensor = parts.graph.tensors[index];
    parts.matrices.emplace_back(role, tensor);
    parts.dimensions[role] += tensor.count;
  }
  return parts;
}

/// The weights of consecutive runs by role, one point per run; `begin`: index of the first run.
struct Block {
  std::size_t begin = 0;
  std::map<LayerRole, measure::Points> roles;
};

class Comparison {
 public:
  Comparison(const WeightFamily& family, std::string architecture, Runs runs,
             const KeptWeights& weights_in, const study::AnalysisSettings& settings,
             std::size_t jobs)
      : architecture_(std::move(architecture)),
        runs_(std::move(runs)),
        weights_in_(weights_in),
        settings_(settings),
        jobs_(jobs),
        parts_(parts_of(architecture_, family)),
        parameters_(static_cast<std::size_t>(parts_.graph.parameters())) {
    std::erase_if(runs_, [&](const WeightRun* run) { return trained(*run).empty(); });
  }

  [[nodiscard]] bool has_enough() const { return runs_.size() >= kFewestOfArchitecture; }

  [[nodiscard]] std::vector<LayerProjection> projections() const {
    Squares squares = squared_distances();
    std::vector<float> all(runs_.size() * runs_.size(), 0.0F);
    for (const auto& [role, some] : squares) {
      std::ranges::transform(all, some, all.begin(), std::plus());
    }
    std::vector<LayerProjection> layers{projection(LayerRole::all, all)};
    if (squares.size() == 1) return layers;
    for (const auto& [role, some] : squares) layers.push_back(projection(role, some));
    return layers;
  }

 private:
  [[nodiscard]] bool sorted() const { return settings_.raw_weights == study::RawWeights::sorted; }

  // Empty if the weights were not stored.
  [[nodiscard]] std::vector<float> trained(const WeightRun& run) const {
    std::vector<float> parameters;
    for (const auto& tensor : weights_in_(run.run->id)) {
      parameters.insert(parameters.end(), tensor.values.begin(), tensor.values.end());
    }
    return parameters.size() == parameters_ ? parameters : std::vector<float>();
  }

  [[nodiscard]] std::vector<float> compared(const WeightRun& run) const {
    std::vector<float> parameters = trained(run);
    return sorted() ? compress::sorted_by_strength(parts_.graph, parameters) : parameters;
  }

  [[nodiscard]] Block block_of(std::size_t begin, std::size_t count) const {
    Block block{.begin = begin, .roles = {}};
    for (const auto& [role, dimensions] : parts_.dimensions) {
      block.roles[role] = {.count = count, .dimensions = dimensions, .values = {}};
      block.roles[role].values.reserve(count * dimensions);
    }
    for (std::size_t i = begin; i < begin + count; ++i) {
      const std::vector<float> parameters = compared(*runs_[i]);
      for (const auto& [role, tensor] : parts_.matrices) {
        const auto weights = tensor.of(std::span(parameters));
        auto& values = block.roles[role].values;
        values.insert(values.end(), weights.begin(), weights.end());
      }
    }
    return block;
  }

  // Two blocks are in memory at a time.
  [[nodiscard]] Squares squared_distances() const {
    const std::size_t n = runs_.size();
    const auto bytes = static_cast<std::size_t>(settings_.projection_memory) * 1'000'000;
    const std::size_t size =
        std::clamp<std::size_t>(bytes / (2 * sizeof(float) * parameters_), 1, n);
    Squares squares;
    for (const auto& [role, dimensions] : parts_.dimensions) squares[role].assign(n * n, 0.0F);
    for (std::size_t i = 0; i < n; i += size) {
      const Block block = block_of(i, std::min(size, n - i));
      add(block, block, squares);
      for (std::size_t j = 0; j < i; j += size) add(block, block_of(j, size), squares);
    }
    for (auto& [role, some] : squares) measure::mirror(some, n);
    return squares;
  }

  void add(const Block& a, const Block& b, Squares& squares) const {
    const std::size_t n = runs_.size();
    for (auto& [role, some] : squares) {
      float* sums = some.data() + a.begin * n + b.begin;
      measure::add_squared_distances(a.roles.at(role), b.roles.at(role), sums, n, jobs_);
    }
  }

  [[nodiscard]] LayerProjection projection(LayerRole role,
                                           const std::vector<float>& squares) const {
    LayerProjection layer{.features = sorted() ? WeightSpace::sorted_weights : WeightSpace::weights,
                          .architecture = architecture_,
                          .role = role};
    project(layer,
            {.runs = runs_,
             .squares = squares,
             .start_squares = {},
             .plane = measure::principal_coordinates(squares, runs_.size())},
            settings_, jobs_);
    return layer;
  }

  std::string architecture_;
  Runs runs_;
  const KeptWeights& weights_in_;
  const study::AnalysisSettings& settings_;
  std::size_t jobs_;
  Parts parts_;
  std::size_t parameters_;
};

}  // namespace

std::vector<LayerProjection> raw_projections(const WeightFamily& family,
                                             const KeptWeights& weights_in,
                                             const study::AnalysisSettings& settings,
                                             std::size_t jobs) {
  std::map<std::string, Runs> architectures;
  for (const WeightRun& run : family.runs) {
    if (run.held) architectures[run.run->architecture].push_back(&run);
  }
  std::vector<LayerProjection> layers;
  for (auto& [architecture, runs] : architectures) {
    if (runs.size() < kFewestOfArchitecture) continue;
    const Comparison comparison(family, architecture, std::move(runs), weights_in, settings, jobs);
    if (!comparison.has_enough()) continue;
    std::ranges::move(comparison.projections(), std::back_inserter(layers));
  }
  return layers;
}

}  // namespace minima::analysis
