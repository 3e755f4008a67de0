// A population built by hand, with predictions per image.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "analysis/images/image_outcomes.h"
#include "record/predictions.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/variant.h"

namespace minima::analysis {

/// Two architectures with two replicates each on 100 images of classes 0 to 3 (class 3 has no
/// images), and a variant of every run. The plan alternates between the architectures.
struct PlantedPredictions {
  using Labels = std::vector<std::uint16_t>;

  Population population;
  Labels labels;
  std::map<std::string, record::RunPredictions> predictions;

  explicit PlantedPredictions(const std::string& first = "dnn 1",
                              const std::string& second = "dnn 2") {
    population.datasets.push_back({.name = "digits",
                                   .problem = {{1, 8, 8}, 4},
                                   .train_count = 600,
                                   .test_count = 100,
                                   .majority_share = 0.4,
                                   .class_names = {"zero", "one", "two", "three"},
                                   .checksum = ""});
    labels.assign(40, 0);
    labels.insert(labels.end(), 30, 1);
    labels.insert(labels.end(), 30, 2);
    for (int replicate = 0; replicate < 2; ++replicate) {
      add_run(first, 10, replicate, 10 + 2 * replicate);
      add_run(second, 20, replicate, replicate);
    }
  }

  /// The run predicts class 0 for the last `errors` images.
  void add_run(const std::string& architecture, std::int64_t parameters, int replicate,
               int errors) {
    record::RunRow& run = population.runs.emplace_back();
    run.id = architecture + "/" + std::to_string(replicate);
    run.dataset = "digits";
    run.family = network::Family::dnn;
    run.architecture = architecture;
    run.parameters = parameters;
    run.replicate = replicate;
    run.result.status = record::RunStatus::finished;
    run.result.test_accuracy = 1.0 - errors / 100.0;
    Labels predicted = labels;
    std::fill(predicted.end() - errors, predicted.end(), std::uint16_t{0});
    predictions[run.id] = {.test = predicted, .validation = {}};
    record::Variant variant;
    variant.quantization = "ptq";
    variant.format = study::NumberFormat::int4;
    population.variants.push_back({run.id, variant});
  }

  /// Variants also misclassify the first `forgotten` images.
  [[nodiscard]] OutcomeSource source(std::size_t forgotten = 5) const {
    OutcomeSource source;
    source.labels = [this](const std::string&) {
      return record::DatasetLabels{.test = labels, .validation = {}};
    };
    source.predictions = [this](const OutcomeSource::OnRun& on_run) {
      for (const auto& run : population.runs) {
        const auto at = predictions.find(run.id);
        if (at != predictions.end()) on_run(run.id, record::RunPredictions(at->second));
      }
    };
    source.outcomes = [this, forgotten](const OutcomeSource::OnVariant& on_variant) {
      for (const auto& row : population.variants) {
        record::VariantOutcomes outcomes;
        const auto& predicted = predictions.at(row.run_id).test;
        for (std::size_t j = 0; j < labels.size(); ++j) {
          outcomes.test.push_back(j >= forgotten && predicted[j] == labels[j] ? 1 : 0);
        }
        on_variant(row.run_id, row.variant, std::move(outcomes));
      }
    };
    return source;
  }
};

}  // namespace minima::analysis
