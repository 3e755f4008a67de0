#include "analysis/population/diagnosis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "analysis/population/chance.h"
#include "network/families/lower.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"

namespace minima::analysis {
namespace {

using History = std::vector<record::EpochRecord>;

// Properties of a layer that are not recorded.
struct LayerFacts {
  int units_that_can_die = 0;
  bool learns = false;  // has parameters and therefore a gradient
};
using Layers = std::vector<LayerFacts>;

Layers layers_of(const std::string& architecture, const Problem& problem) {
  Layers layers;
  const network::Graph graph =
      network::graph_of(network::Architecture::parse(architecture), problem);
  for (const network::Layer& layer : graph.layers) {
    layers.push_back(
        {.units_that_can_die = graph.units_that_can_die(layer), .learns = layer.tensors > 0});
  }
  return layers;
}

// An overflowed norm is stored as NULL and read back as NaN.
double norm_of(const record::LayerSignals& layer) {
  return std::isnan(layer.gradient_norm) ? HUGE_VAL : layer.gradient_norm;
}

// Start of the uninterrupted run of epochs, ending with the last one, that have a property; null if
// the last epoch has not.
template <typename Property>
const record::EpochRecord* since(const History& history, Property has) {
  const record::EpochRecord* first = nullptr;
  for (auto record = history.rbegin(); record != history.rend() && has(*record); ++record) {
    first = &*record;
  }
  return first;
}

// A loss is still falling if its last fall is at least this fraction of its mean fall per epoch.
constexpr double kStillFalling = 0.5;

// Diagnoses one run. Each test returns whether it applies.
class Examination {
 public:
  Examination(const record::RunResult& result, const Layers& layers,
              const study::AnalysisSettings& settings)
      : result_(result), history_(result.history), layers_(layers), settings_(settings) {}

  RunDiagnosis run() {
    using Test = bool (Examination::*)();
    constexpr std::array<std::pair<Diagnosis, Test>, 8> kTests{{
        {Diagnosis::diverged, &Examination::diverged},
        {Diagnosis::exploding_gradient, &Examination::exploding},
        {Diagnosis::dead_layer, &Examination::dead},
        {Diagnosis::vanishing_gradient, &Examination::vanishing},
        {Diagnosis::collapsed, &Examination::collapsed},
        {Diagnosis::too_slow, &Examination::slow},
        {Diagnosis::constant_prediction, &Examination::constant},
        {Diagnosis::no_progress, &Examination::idle},
    }};
    for (const auto& [diagnosis, test] : kTests) {
      if (diagnosis != Diagnosis::diverged && history_.empty()) break;
      if (!(this->*test)()) continue;
      found_.diagnosis = diagnosis;
      break;
    }
    return found_;
  }

  void learned_until(std::optional<int> epoch) { found_.learned_until = epoch; }

 private:
  bool diverged() {
    if (result_.status != record::RunStatus::diverged) return false;
    found_.step = result_.diverged_step;
    if (!result_.last_step) {
      exploding();  // earlier epochs may show why
      return true;
    }
    const double norm = result_.last_step->gradient_norm;
    if (norm < settings_.exploding_gradient) return true;
    found_.layer = result_.last_step->layer;
    found_.gradient_norm = std::isnan(norm) ? HUGE_VAL : norm;
    return true;
  }

  bool exploding() {
    for (const record::EpochRecord& record : history_) {
      double largest = 0.0;
      for (std::size_t i = 0; i < record.layers.size(); ++i) {
        const double norm = norm_of(record.layers[i]);
        // If several norms overflowed, report the last layer: the gradient came from there.
        if (norm < settings_.exploding_gradient || norm < largest) continue;
        largest = norm;
        note_layer(i, record.epoch, norm);
      }
      if (largest > 0.0) return true;
    }
    return false;
  }

  bool dead() {
    // A residual connection bypasses a dead layer, so the prediction must be constant too.
    if (!predicts_one_class(history_.back())) return false;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      if (layers_[i].units_that_can_die == 0) continue;
      const auto* first = since(history_, [&](const record::EpochRecord& record) {
        return i < record.layers.size() &&
               record.layers[i].dead_units >= layers_[i].units_that_can_die;
      });
      if (first == nullptr || (found_.epoch && first->epoch >= *found_.epoch)) continue;
      note_layer(i, first->epoch, std::nullopt);
    }
    return found_.layer.has_value();
  }

  bool vanishing() {
    for (std::size_t i = 0; i + 1 < layers_.size(); ++i) {
      if (!layers_[i].learns) continue;
      const auto vanishes = [&](const record::EpochRecord& record) {
        if (record.layers.size() != layers_.size()) return false;
        const double output = norm_of(record.layers.back());
        return output > 0.0 && norm_of(record.layers[i]) <= settings_.vanishing_gradient * output;
      };
      const record::EpochRecord* first = since(history_, vanishes);
      if (first != nullptr) note_layer(i, first->epoch, norm_of(first->layers[i]));
    }
    return found_.layer.has_value();
  }

  bool collapsed() { return found_.learned_until && *found_.learned_until < history_.back().epoch; }

  bool constant() {
    if (!predicts_one_class(history_.back())) return false;
    found_.predicted_class = history_.back().top_class;
    return true;
  }

  bool slow() {
    if (history_.size() < 2) return false;
    const double first = history_.front().train_loss;
    const double last = history_.back().train_loss;
    const double in_all = fall(first, last);
    if (!(in_all > settings_.least_progress)) return false;
    const double per_epoch = in_all / static_cast<double>(history_.size() - 1);
    const double enough = std::min(settings_.least_progress, kStillFalling * per_epoch);
    if (!(fall(history_[history_.size() - 2].train_loss, last) >= enough)) return false;
    note_losses();
    return true;
  }

  bool idle() {
    const double first = history_.front().train_loss;
    if (!(fall(first, history_.back().train_loss) <= settings_.least_progress)) return false;
    note_losses();
    return true;
  }

  static double fall(double from, double to) { return from > 0.0 ? (from - to) / from : 0.0; }
  [[nodiscard]] bool predicts_one_class(const record::EpochRecord& record) const {
    return record.top_class_share >= settings_.constant_prediction;
  }
  void note_layer(std::size_t index, int epoch, std::optional<double> norm) {
    found_.layer = static_cast<int>(index) + 1;
    found_.epoch = epoch;
    found_.gradient_norm = norm;
  }
  void note_losses() {
    found_.first_loss = history_.front().train_loss;
    found_.last_loss = history_.back().train_loss;
  }

  const record::RunResult& result_;
  const History& history_;
  const Layers& layers_;
  const study::AnalysisSettings& settings_;
  RunDiagnosis found_;
};

// The dataset of a run and its chance level.
struct DatasetChance {
  const record::DatasetRecord* record = nullptr;
  Chance chance;
};

std::map<std::string, DatasetChance> chances_of(const Population& population, double significance) {
  std::map<std::string, DatasetChance> data;
  for (const record::DatasetRecord& record : population.datasets) {
    data.emplace(record.name, DatasetChance{&record, Chance(record, significance)});
  }
  return data;
}

std::optional<int> learned_until(const History& history, const Chance& chance) {
  std::optional<int> epoch;
  for (const record::EpochRecord& record : history) {
    if (chance.is_beaten_by(record.test_accuracy)) epoch = record.epoch;
  }
  return epoch;
}

std::string exploded(const RunDiagnosis& d) {
  const double norm = d.gradient_norm.value_or(HUGE_VAL);
  return fmt::format("gradient of layer {} exploded ({})", *d.layer,
                     std::isfinite(norm) ? fmt::format("norm {:.2g}", norm) : "norm overflowed");
}

std::string cause(const RunDiagnosis& d) {
  switch (d.diagnosis) {
    case Diagnosis::diverged:
      return fmt::format("loss not finite{}{}", d.step ? fmt::format(" at step {}", *d.step) : "",
                         d.layer ? ", " + exploded(d) : "");
    case Diagnosis::exploding_gradient:
      return fmt::format("{} in epoch {}", exploded(d), *d.epoch);
    case Diagnosis::dead_layer:
      return fmt::format("dead layer {} from epoch {}", *d.layer, *d.epoch);
    case Diagnosis::vanishing_gradient:
      return fmt::format("vanishing gradient in layer {} from epoch {}", *d.layer, *d.epoch);
    case Diagnosis::collapsed:
      return "fell back to chance";
    case Diagnosis::constant_prediction:
      return fmt::format("constant prediction of class {}", *d.predicted_class);
    case Diagnosis::too_slow:
      return fmt::format("too slow: loss still falling, {:.4g} to {:.4g}", *d.first_loss,
                         *d.last_loss);
    case Diagnosis::no_progress:
      return fmt::format("no progress: loss {:.4g} to {:.4g}", *d.first_loss, *d.last_loss);
    case Diagnosis::undetermined:
      break;
  }
  return "no cause found";
}

}  // namespace

std::string to_string(Diagnosis diagnosis) {
  switch (diagnosis) {
    case Diagnosis::diverged:
      return "diverged";
    case Diagnosis::exploding_gradient:
      return "exploding gradient";
    case Diagnosis::dead_layer:
      return "dead layer";
    case Diagnosis::vanishing_gradient:
      return "vanishing gradient";
    case Diagnosis::collapsed:
      return "collapsed";
    case Diagnosis::constant_prediction:
      return "constant prediction";
    case Diagnosis::too_slow:
      return "too slow";
    case Diagnosis::no_progress:
      return "no progress";
    case Diagnosis::undetermined:
      break;
  }
  return "undetermined";
}

std::vector<std::size_t> not_converged(const Population& population,
                                       const study::AnalysisSettings& settings) {
  const std::map<std::string, DatasetChance> datasets =
      chances_of(population, settings.significance);
  std::vector<std::size_t> runs;
  for (std::size_t i = 0; i < population.runs.size(); ++i) {
    const record::RunRow& run = population.runs[i];
    if (run.result.status == record::RunStatus::planned) continue;
    if (run.result.status == record::RunStatus::diverged ||
        !datasets.at(run.dataset).chance.is_beaten_by(run.result.test_accuracy)) {
      runs.push_back(i);
    }
  }
  return runs;
}

std::vector<RunDiagnosis> diagnoses_of(const Population& population,
                                       const study::AnalysisSettings& settings,
                                       const std::vector<std::size_t>& runs) {
  const std::map<std::string, DatasetChance> datasets =
      chances_of(population, settings.significance);
  std::map<std::pair<std::string, std::string>, Layers> layers;
  std::vector<RunDiagnosis> diagnoses;
  for (const std::size_t index : runs) {
    const record::RunRow& run = population.runs.at(index);
    const DatasetChance& data = datasets.at(run.dataset);
    const auto [at, is_new] = layers.try_emplace({run.dataset, run.architecture});
    if (is_new) at->second = layers_of(run.architecture, data.record->problem);
    Examination examination(run.result, at->second, settings);
    examination.learned_until(learned_until(run.result.history, data.chance));
    diagnoses.push_back(examination.run());
    diagnoses.back().run = index;
  }
  return diagnoses;
}

std::string describe(const RunDiagnosis& diagnosis) {
  std::string text = cause(diagnosis);
  if (diagnosis.learned_until) {
    text += fmt::format(", better than chance until epoch {}", *diagnosis.learned_until);
  }
  return text;
}

}  // namespace minima::analysis
