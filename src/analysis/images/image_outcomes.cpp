// Three passes over the store. The first reads only the best architecture of each dataset, because
// all others are compared with it. The second reads the predictions of all runs, the third the
// outcomes of their variants. Both keep one architecture in memory at a time.
#include "analysis/images/image_outcomes.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "analysis/images/outcome_context.h"
#include "core/numbers/tolerance.h"
#include "record/predictions.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"
#include "record/variant.h"

namespace minima::analysis {
namespace {

/// Test images that each run with variants classifies correctly, one bit per image.
class RightBits {
 public:
  void keep(std::size_t run, std::span<const std::uint16_t> labels,
            std::span<const std::uint16_t> predicted) {
    std::vector<bool>& bits = bits_[run];
    bits.resize(labels.size());
    for (std::size_t j = 0; j < labels.size(); ++j) bits[j] = labels[j] == predicted[j];
  }

  [[nodiscard]] std::optional<std::vector<std::uint8_t>> of(std::size_t run) const {
    const auto at = bits_.find(run);
    if (at == bits_.end()) return std::nullopt;
    return std::vector<std::uint8_t>(at->second.begin(), at->second.end());
  }

 private:
  std::map<std::size_t, std::vector<bool>> bits_;
};

bool is_finished(const record::RunRow& run) {
  return run.result.status == record::RunStatus::finished;
}

class Collector {
 public:
  Collector(const Population& population, const OutcomeSource& source,
            const study::AnalysisSettings& settings)
      : population_(population),
        source_(source),
        settings_(settings),
        groups_(population),
        results_(groups_.groups().size()) {}

  ImageOutcomes collect() {
    for (const record::DatasetRecord& record : population_.datasets) add_dataset(record);
    for (std::size_t i = 0; i < results_.size(); ++i) describe(i);
    choose();
    for (std::size_t i = 0; i < results_.size(); ++i) compare_with_best(i);
    collect_best();
    collect_predictions();
    add_compressed(
        groups_, datasets_, source_, [this](std::size_t run) { return right_.of(run); }, settings_,
        results_);
    return assemble();
  }

 private:
  [[nodiscard]] const OutcomeGroup& group(std::size_t i) const { return groups_.groups()[i]; }
  [[nodiscard]] OutcomeContext& dataset_of(std::size_t i) { return datasets_[group(i).dataset]; }

  void add_dataset(const record::DatasetRecord& record) {
    OutcomeContext& dataset = datasets_.emplace_back();
    dataset.images = std::max<std::int64_t>(record.test_count, 1);
    dataset.validation_images = record.validation_count;
    dataset.classes = static_cast<std::size_t>(record.problem.classes);
    dataset.majority_share = record.majority_share;
    if (source_.labels) dataset.labels = source_.labels(record.name);
    if (dataset.labels && dataset.labels->test.empty()) dataset.labels.reset();
  }

  /// One number per run of the group; for a diverged run it is the fraction of the largest class.
  std::vector<double> accuracies_of(std::size_t i, double record::RunResult::*accuracy) {
    std::vector<double> values;
    for (const std::size_t run : group(i).runs) {
      const record::RunRow& row = population_.runs[run];
      const double value = is_finished(row) ? row.result.*accuracy : dataset_of(i).majority_share;
      if (!std::isnan(value)) values.push_back(value);
    }
    return values;
  }

  /// Fills in the results that need only accuracies.
  void describe(std::size_t i) {
    ArchitectureOutcomes& result = results_[i];
    const record::RunRow& first = population_.runs[group(i).runs.front()];
    result.family = first.family;
    result.architecture = first.architecture;
    result.parameters = first.parameters;
    result.runs = static_cast<std::int64_t>(group(i).runs.size());
    for (const std::size_t run : group(i).runs) {
      if (!is_finished(population_.runs[run])) ++result.diverged;
    }
    const OutcomeContext& dataset = dataset_of(i);
    const auto test = accuracies_of(i, &record::RunResult::test_accuracy);
    if (!test.empty()) {
      result.test = accuracy_interval(test, dataset.images, settings_.confidence);
    }
    if (dataset.validation_images == 0) return;
    const auto validation = accuracies_of(i, &record::RunResult::validation_accuracy);
    if (validation.size() == test.size() && !validation.empty()) {
      result.validation =
          accuracy_interval(validation, dataset.validation_images, settings_.confidence);
    }
  }

  /// Accuracy for selection: on validation images if there are any, because test images are only
  /// for evaluation.
  [[nodiscard]] double choosing(std::size_t i) const {
    return results_[i].validation ? results_[i].validation->mean : results_[i].test.mean;
  }

  void choose() {
    std::vector<std::size_t> counts(datasets_.size(), 0);
    for (std::size_t i = 0; i < results_.size(); ++i) {
      OutcomeContext& dataset = dataset_of(i);
      ++counts[group(i).dataset];
      if (!dataset.best || choosing(i) > choosing(*dataset.best)) dataset.best = i;
    }
    for (std::size_t i = 0; i < results_.size(); ++i) {  // by increasing size
      OutcomeContext& dataset = dataset_of(i);
      const double distance = choosing(*dataset.best) - choosing(i);
      if (!dataset.smallest && distance <= settings_.accuracy_tolerance + kRounding) {
        dataset.smallest = i;
      }
    }
    for (std::size_t d = 0; d < datasets_.size(); ++d) {
      const std::size_t cells = datasets_[d].classes * datasets_[d].classes;
      datasets_[d].all_confusions = counts[d] * cells <= kMostConfusionCells;
    }
  }

  void compare_with_best(std::size_t i) {
    const OutcomeContext& dataset = dataset_of(i);
    if (dataset.best == i) return;
    const auto best = accuracies_of(*dataset.best, &record::RunResult::test_accuracy);
    const auto own = accuracies_of(i, &record::RunResult::test_accuracy);
    if (best.empty() || own.empty()) return;
    results_[i].below_best = accuracy_difference(best, own, dataset.images, settings_.confidence);
  }

  void for_each_prediction(
      const std::function<void(const OutcomeGroups::Place&, record::RunPredictions&&)>& on_run) {
    if (!source_.predictions) return;
    source_.predictions([&](const std::string& run_id, record::RunPredictions&& one) {
      const OutcomeGroups::Place* place = groups_.find(run_id);
      if (place == nullptr || !is_finished(population_.runs[place->run])) return;
      const OutcomeContext& dataset = dataset_of(place->group);
      if (!dataset.labels || one.test.size() != dataset.labels->test.size()) return;
      on_run(*place, std::move(one));
    });
  }

  [[nodiscard]] bool has_all(std::size_t i, std::size_t predictions) const {
    return static_cast<std::int64_t>(predictions) == results_[i].runs - results_[i].diverged;
  }

  void collect_best() {
    std::map<std::size_t, std::vector<std::vector<std::uint16_t>>> rows;
    for_each_prediction([&](const OutcomeGroups::Place& place, record::RunPredictions&& one) {
      if (dataset_of(place.group).best == place.group) {
        rows[place.group].push_back(std::move(one.test));
      }
    });
    for (auto& [i, test] : rows) {
      if (!has_all(i, test.size())) continue;
      OutcomeContext& dataset = dataset_of(i);
      add_constant_rows(dataset.labels->test, dataset.classes, results_[i].diverged, test);
      dataset.best_sums.emplace(sums_of(dataset.labels->test, test));
    }
  }

  void collect_predictions() {
    std::set<std::string> with_variants;
    for (const record::VariantRow& row : population_.variants) with_variants.insert(row.run_id);
    std::map<std::size_t, PredictionBuffer> open;
    GroupCompletion completion(groups_, [&](std::size_t i) {
      const auto at = open.find(i);
      if (at == open.end()) return;
      if (has_all(i, at->second.runs.size())) complete(i, std::move(at->second));
      open.erase(at);
    });
    for_each_prediction([&](const OutcomeGroups::Place& place, record::RunPredictions&& one) {
      completion.reach(place.run);
      ++with_predictions_;
      if (with_variants.contains(population_.runs[place.run].id)) {
        right_.keep(place.run, dataset_of(place.group).labels->test, one.test);
      }
      PredictionBuffer& buffer = open[place.group];
      buffer.runs.push_back(place.run);
      buffer.test.push_back(std::move(one.test));
      buffer.validation.push_back(std::move(one.validation));
    });
    completion.finish();
  }

  void complete(std::size_t i, PredictionBuffer buffer) {
    const OutcomeContext& dataset = dataset_of(i);
    const bool keep = dataset.all_confusions || dataset.best == i || dataset.smallest == i;
    minima::analysis::add_predictions(dataset, std::move(buffer), keep, settings_, results_[i]);
  }

  [[nodiscard]] SettingResolution resolution(const char* setting, double tolerance,
                                             std::int64_t images, double accuracy) const {
    return {.setting = setting,
            .tolerance = tolerance,
            .resolution = resolution_of(images, accuracy, settings_.confidence),
            .unresolved = unresolved_tolerance(tolerance, images, accuracy, settings_.confidence)};
  }

  ImageOutcomes assemble() {
    ImageOutcomes outcomes{.settings = settings_, .with_predictions = with_predictions_};
    for (const record::DatasetRecord& record : population_.datasets) {
      outcomes.datasets.push_back(
          {.dataset = record.name, .images = record.test_count, .class_names = record.class_names});
    }
    for (std::size_t i = 0; i < results_.size(); ++i) {
      DatasetOutcomes& dataset = outcomes.datasets[group(i).dataset];
      const OutcomeContext& context = dataset_of(i);
      const std::size_t place = dataset.architectures.size();
      if (context.best == i) dataset.best = place;
      if (context.smallest == i) dataset.smallest = place;
      outcomes.runs += results_[i].runs;
      outcomes.finished += results_[i].runs - results_[i].diverged;
      dataset.architectures.push_back(std::move(results_[i]));
    }
    for (DatasetOutcomes& dataset : outcomes.datasets) {
      if (!dataset.best) continue;
      const double accuracy = dataset.architectures[*dataset.best].test.mean;
      dataset.resolutions = {
          resolution("accuracy_tolerance", settings_.accuracy_tolerance, dataset.images, accuracy),
          resolution("compression_tolerance", settings_.compression_tolerance, dataset.images,
                     accuracy)};
    }
    return outcomes;
  }

  const Population& population_;
  const OutcomeSource& source_;
  const study::AnalysisSettings& settings_;
  OutcomeGroups groups_;
  std::vector<ArchitectureOutcomes> results_;  ///< one per group
  std::vector<OutcomeContext> datasets_;
  RightBits right_;
  std::int64_t with_predictions_ = 0;
};

}  // namespace

const ArchitectureOutcomes* DatasetOutcomes::find(const std::string& architecture) const {
  const auto at =
      std::ranges::find(architectures, architecture, &ArchitectureOutcomes::architecture);
  return at == architectures.end() ? nullptr : &*at;
}

std::string DatasetOutcomes::class_name(std::size_t label) const {
  const bool is_named = label < class_names.size() && !class_names[label].empty();
  return is_named ? class_names[label] : std::to_string(label);
}

const ArchitectureOutcomes* ImageOutcomes::find(const std::string& dataset,
                                                const std::string& architecture) const {
  const auto at = std::ranges::find(datasets, dataset, &DatasetOutcomes::dataset);
  return at == datasets.end() ? nullptr : at->find(architecture);
}

ImageOutcomes image_outcomes_of(const Population& population, const OutcomeSource& source,
                                const study::AnalysisSettings& settings) {
  return Collector(population, source, settings).collect();
}

}  // namespace minima::analysis
