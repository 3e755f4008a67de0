#include "compress/prune/dead_units.h"

#include <algorithm>

namespace minima::compress {
namespace {

using network::UnitGroup;

enum class State : std::uint8_t { alive, receives_nothing, sends_nothing };

class Remover {
 public:
  Remover(const network::Architecture& architecture, const Problem& problem,
          std::span<const float> parameters, std::span<const std::uint8_t> mask)
      : graph_(network::graph_of(architecture, problem)),
        removes_(network::unit_counts(architecture) == network::UnitCounts::per_layer),
        parameters_(parameters.begin(), parameters.end()) {
    check_sizes(graph_, parameters.size(), mask);
    mask_ = mask.empty() ? Mask(parameters.size(), 1) : Mask(mask.begin(), mask.end());
    apply_mask(mask_, parameters_);
    for (UnitGroup& group : network::unit_groups(graph_)) {
      if (group.heads) continue;
      states_.emplace_back(group.units, State::alive);
      removed_.emplace_back(group.units, false);
      groups_.push_back(std::move(group));
    }
  }

  void run() {
    bool changed = true;
    while (changed) {
      changed = false;
      for (std::size_t g = 0; g < groups_.size(); ++g) {
        for (std::size_t unit = 0; unit < groups_[g].units; ++unit) {
          if (!removed_[g][unit]) changed |= judge(g, unit);
        }
      }
    }
  }

  [[nodiscard]] std::vector<DeadUnits> found() const {
    std::vector<DeadUnits> found;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      DeadUnits dead{.layer = groups_[g].layer, .units = groups_[g].units};
      for (std::size_t unit = 0; unit < dead.units; ++unit) {
        if (states_[g][unit] == State::receives_nothing) dead.receive_nothing.push_back(unit);
        if (states_[g][unit] == State::sends_nothing) dead.send_nothing.push_back(unit);
        if (!removed_[g][unit]) dead.kept.push_back(unit);
      }
      found.push_back(std::move(dead));
    }
    return found;
  }

  [[nodiscard]] bool removes() const { return removes_; }
  [[nodiscard]] const std::vector<float>& parameters() const { return parameters_; }
  [[nodiscard]] const Mask& mask() const { return mask_; }

 private:
  /// Returns whether something changed: the unit was found dead, or a dead unit can now be removed.
  bool judge(std::size_t g, std::size_t unit) {
    const UnitGroup& group = groups_[g];
    bool receives = false;
    bool sends = false;
    network::over_rows(incoming(group, network::Role::weight), unit, group.units,
                       [&](std::size_t i) { receives |= mask_[i] != 0; });
    network::over_columns(graph_.tensors[group.outgoing], unit, group.units,
                          [&](std::size_t i) { sends |= mask_[i] != 0; });
    if (receives && sends) return false;
    const bool was_alive = states_[g][unit] == State::alive;
    if (was_alive) {
      states_[g][unit] = receives ? State::sends_nothing : State::receives_nothing;
    }
    if (!removable(g, unit, sends)) return was_alive;
    remove(g, unit);
    return true;
  }

  [[nodiscard]] const network::Tensor& incoming(const UnitGroup& group, network::Role role) const {
    const auto has_role = [&](std::size_t i) { return graph_.tensors[i].role == role; };
    return graph_.tensors[*std::ranges::find_if(group.incoming, has_role)];
  }

  /// The constant output of a unit without inputs.
  [[nodiscard]] double constant(const UnitGroup& group, std::size_t unit) const {
    const std::size_t bias = incoming(group, network::Role::bias).begin + unit;
    return network::value_at(group.activation, static_cast<double>(parameters_[bias]));
  }

  [[nodiscard]] bool removable(std::size_t g, std::size_t unit, bool sends) const {
    if (!removes_ || std::ranges::count(removed_[g], false) == 1) return false;
    const UnitGroup& group = groups_[g];
    return !group.reader_is_padded || !sends || constant(group, unit) == 0.0;
  }

  void remove(std::size_t g, std::size_t unit) {
    const UnitGroup& group = groups_[g];
    if (states_[g][unit] == State::receives_nothing) fold(group, unit);
    const auto clear = [this](std::size_t i) {
      mask_[i] = 0;
      parameters_[i] = 0.0F;
    };
    network::over_rows(incoming(group, network::Role::weight), unit, group.units, clear);
    network::over_columns(graph_.tensors[group.outgoing], unit, group.units, clear);
    removed_[g][unit] = true;
  }

  void fold(const UnitGroup& group, std::size_t unit) {
    const double value = constant(group, unit);
    if (value == 0.0) return;
    const network::Tensor& weight = graph_.tensors[group.outgoing];
    const network::Tensor& bias = graph_.tensors[group.outgoing_bias];
    std::vector<double> sums(bias.count, 0.0);
    network::over_columns(weight, unit, group.units, [&](std::size_t i) {
      sums[(i - weight.begin) / weight.columns()] += double{parameters_[i]};
    });
    for (std::size_t row = 0; row < sums.size(); ++row) {
      if (sums[row] == 0.0) continue;
      float& to = parameters_[bias.begin + row];
      to = static_cast<float>(to + value * sums[row]);
      mask_[bias.begin + row] = 1;
    }
  }

  network::Graph graph_;
  std::vector<UnitGroup> groups_;  // without attention heads
  bool removes_;
  std::vector<float> parameters_;  // pruned parameters are zero
  Mask mask_;                      // weights of removed units are pruned
  std::vector<std::vector<State>> states_;
  std::vector<std::vector<bool>> removed_;
};

}  // namespace

DeadUnitRemoval remove_dead_units(const network::Architecture& architecture, const Problem& problem,
                                  std::span<const float> parameters,
                                  std::span<const std::uint8_t> mask) {
  Remover remover(architecture, problem, parameters, mask);
  remover.run();
  DeadUnitRemoval result{.layers = remover.found()};
  if (!remover.removes()) return result;
  std::vector<std::vector<std::size_t>> kept;
  for (const DeadUnits& layer : result.layers) kept.push_back(layer.kept);
  result.network = without_other_units(architecture, problem, remover.parameters(), remover.mask(),
                                       std::move(kept));
  return result;
}

}  // namespace minima::compress
