// The tables of the analysis `predictions`.
#include <cmath>
#include <utility>

#include "analysis/images/image_outcomes.h"
#include "analysis/tables/family_tables.h"
#include "record/analysis.h"

namespace minima::analysis {
namespace {

using record::Cell;

/// An architecture with the dataset it belongs to, and one of its parts.
template <typename Part>
struct Of {
  const DatasetOutcomes* dataset = nullptr;
  const ArchitectureOutcomes* architecture = nullptr;
  Part part;
};

/// A table whose first columns are dataset, family, architecture and parameters. `parts_of` returns
/// the rows of an architecture.
template <typename Part, typename PartsOf>
NamedTable architecture_table(const ImageOutcomes& outcomes, std::string name,
                              std::vector<ColumnOf<Of<Part>>> own, const PartsOf& parts_of) {
  using Row = Of<Part>;
  std::vector<ColumnOf<Row>> columns{
      {"dataset", [](const Row& row) { return row.dataset->dataset; }},
      {"family", [](const Row& row) { return word_text(row.architecture->family); }},
      {"architecture", [](const Row& row) { return row.architecture->architecture; }},
      {"parameters", [](const Row& row) { return row.architecture->parameters; }}};
  for (auto& column : own) columns.push_back(std::move(column));
  std::vector<Row> rows;
  for (const DatasetOutcomes& dataset : outcomes.datasets) {
    for (const ArchitectureOutcomes& architecture : dataset.architectures) {
      for (Part& part : parts_of(dataset, architecture)) {
        rows.push_back({&dataset, &architecture, std::move(part)});
      }
    }
  }
  return {std::move(name), table_of(columns, rows)};
}

Cell name_of(const DatasetOutcomes& dataset, std::size_t label) {
  return label < dataset.class_names.size() ? Cell(dataset.class_names[label]) : Cell();
}

/// NULL for NaN.
Cell known(double value) {
  return std::isnan(value) ? Cell() : Cell(value);
}

// ---- intervals -------------------------------------------------------------------------------

struct SplitInterval {
  const char* split = "";
  std::int64_t images = 0;
  AccuracyInterval accuracy;
  std::optional<AccuracyDifference> below_best;
};

NamedTable intervals_table(const ImageOutcomes& outcomes, const Population& population) {
  using Row = Of<SplitInterval>;
  const auto below = [](double AccuracyDifference::*figure) {
    return [figure](const Row& row) {
      return row.part.below_best ? Cell((*row.part.below_best).*figure) : Cell();
    };
  };
  const auto splits_of = [&](const DatasetOutcomes& dataset,
                             const ArchitectureOutcomes& architecture) {
    std::vector<SplitInterval> splits{
        {"test", dataset.images, architecture.test, architecture.below_best}};
    if (architecture.validation) {
      const auto& record =
          population.datasets[static_cast<std::size_t>(&dataset - outcomes.datasets.data())];
      splits.push_back({"validation", record.validation_count, *architecture.validation, {}});
    }
    return splits;
  };
  return architecture_table<SplitInterval>(
      outcomes, "accuracy_intervals",
      {{"split", [](const Row& row) { return std::string(row.part.split); }},
       {"runs", [](const Row& row) { return row.architecture->runs; }},
       {"diverged", [](const Row& row) { return row.architecture->diverged; }},
       {"images", [](const Row& row) { return row.part.images; }},
       {"accuracy", [](const Row& row) { return row.part.accuracy.mean; }},
       {"low", [](const Row& row) { return row.part.accuracy.low; }},
       {"high", [](const Row& row) { return row.part.accuracy.high; }},
       {"se_seeds", [](const Row& row) { return known(row.part.accuracy.se_seeds); }},
       {"se_images", [](const Row& row) { return row.part.accuracy.se_images; }},
       {"per_image", [](const Row& row) { return whole(row.architecture->per_image); }},
       {"below_best", below(&AccuracyDifference::mean)},
       {"below_best_low", below(&AccuracyDifference::low)},
       {"below_best_high", below(&AccuracyDifference::high)}},
      splits_of);
}

NamedTable spread_table(const ImageOutcomes& outcomes) {
  using Row = Of<TrainingSpread>;
  return architecture_table<TrainingSpread>(
      outcomes, "training_spread",
      {{"runs", [](const Row& row) { return row.architecture->runs; }},
       {"images", [](const Row& row) { return row.dataset->images; }},
       {"sd_observed", [](const Row& row) { return row.part.observed; }},
       {"sd_by_images", [](const Row& row) { return row.part.by_images; }},
       {"sd_training", [](const Row& row) { return row.part.training; }},
       {"sd_training_low", [](const Row& row) { return row.part.low; }},
       {"sd_training_high", [](const Row& row) { return row.part.high; }}},
      [](const DatasetOutcomes&, const ArchitectureOutcomes& one) {
        std::vector<TrainingSpread> spreads;
        if (one.spread) spreads.push_back(*one.spread);
        return spreads;
      });
}

NamedTable resolutions_table(const ImageOutcomes& outcomes) {
  using Row = std::pair<const DatasetOutcomes*, SettingResolution>;
  std::vector<Row> rows;
  for (const DatasetOutcomes& dataset : outcomes.datasets) {
    for (const SettingResolution& one : dataset.resolutions) rows.emplace_back(&dataset, one);
  }
  return {"test_resolution",
          table_of<Row>({{"dataset", [](const Row& row) { return row.first->dataset; }},
                         {"setting", [](const Row& row) { return row.second.setting; }},
                         {"tolerance", [](const Row& row) { return row.second.tolerance; }},
                         {"images", [](const Row& row) { return row.first->images; }},
                         {"resolution", [](const Row& row) { return row.second.resolution; }},
                         {"images_needed",
                          [](const Row& row) {
                            return row.second.unresolved
                                       ? Cell(row.second.unresolved->images_needed)
                                       : Cell();
                          }}},
                        rows)};
}

// ---- classes ---------------------------------------------------------------------------------

NamedTable classes_table(const ImageOutcomes& outcomes) {
  using Row = Of<ClassAccuracy>;
  const auto precision = [](const Row& row) -> Cell {
    if (!row.architecture->confusion) return {};
    const Confusion& confusion = *row.architecture->confusion;
    const std::int64_t predicted = confusion.predicted_as(row.part.label);
    if (predicted == 0) return {};
    return static_cast<double>(confusion.count(row.part.label, row.part.label)) /
           static_cast<double>(predicted);
  };
  return architecture_table<ClassAccuracy>(
      outcomes, "class_accuracy",
      {{"class", [](const Row& row) { return whole(row.part.label); }},
       {"class_name", [](const Row& row) { return name_of(*row.dataset, row.part.label); }},
       {"images", [](const Row& row) { return row.part.images; }},
       {"runs", [](const Row& row) { return row.architecture->runs; }},
       {"accuracy", [](const Row& row) { return row.part.accuracy.mean; }},
       {"low", [](const Row& row) { return row.part.accuracy.low; }},
       {"high", [](const Row& row) { return row.part.accuracy.high; }},
       {"precision", precision}},
      [](const DatasetOutcomes&, const ArchitectureOutcomes& one) { return one.classes.classes; });
}

NamedTable class_summary_table(const ImageOutcomes& outcomes) {
  using Row = Of<ClassAccuracies>;
  return architecture_table<ClassAccuracies>(
      outcomes, "class_summary",
      {{"runs", [](const Row& row) { return row.architecture->runs; }},
       {"accuracy", [](const Row& row) { return row.architecture->test.mean; }},
       {"balanced_accuracy", [](const Row& row) { return row.part.balanced.mean; }},
       {"balanced_low", [](const Row& row) { return row.part.balanced.low; }},
       {"balanced_high", [](const Row& row) { return row.part.balanced.high; }},
       {"worst_class", [](const Row& row) { return whole(row.part.worst->label); }},
       {"worst_class_name",
        [](const Row& row) { return name_of(*row.dataset, row.part.worst->label); }},
       {"worst_accuracy", [](const Row& row) { return row.part.worst->accuracy.mean; }},
       {"worst_low", [](const Row& row) { return row.part.worst->accuracy.low; }},
       {"worst_high", [](const Row& row) { return row.part.worst->accuracy.high; }}},
      [](const DatasetOutcomes&, const ArchitectureOutcomes& one) {
        std::vector<ClassAccuracies> classes;
        if (one.classes.worst) classes.push_back(one.classes);
        return classes;
      });
}

struct ConfusionCell {
  std::size_t label = 0;
  std::size_t predicted = 0;
};

NamedTable confusion_table(const ImageOutcomes& outcomes) {
  using Row = Of<ConfusionCell>;
  const auto count = [](const Row& row) {
    return static_cast<double>(
        row.architecture->confusion->count(row.part.label, row.part.predicted));
  };
  return architecture_table<ConfusionCell>(
      outcomes, "confusion",
      {{"runs", [](const Row& row) { return row.architecture->runs; }},
       {"class", [](const Row& row) { return whole(row.part.label); }},
       {"class_name", [](const Row& row) { return name_of(*row.dataset, row.part.label); }},
       {"predicted", [](const Row& row) { return whole(row.part.predicted); }},
       {"predicted_name", [](const Row& row) { return name_of(*row.dataset, row.part.predicted); }},
       {"images",
        [count](const Row& row) {
          return count(row) / static_cast<double>(row.architecture->runs);
        }},
       {"share",
        [count](const Row& row) {
          return count(row) /
                 static_cast<double>(row.architecture->confusion->images_of(row.part.label));
        }}},
      [](const DatasetOutcomes&, const ArchitectureOutcomes& one) {
        std::vector<ConfusionCell> cells;
        if (!one.confusion) return cells;
        for (std::size_t label = 0; label < one.confusion->classes(); ++label) {
          for (std::size_t predicted = 0; predicted < one.confusion->classes(); ++predicted) {
            if (one.confusion->count(label, predicted) > 0) cells.push_back({label, predicted});
          }
        }
        return cells;
      });
}

// ---- runs ------------------------------------------------------------------------------------

NamedTable agreement_table(const ImageOutcomes& outcomes) {
  using Row = Of<Agreement>;
  return architecture_table<Agreement>(
      outcomes, "agreement",
      {{"runs", [](const Row& row) { return row.part.replicates; }},
       {"images", [](const Row& row) { return row.part.images; }},
       {"same_prediction", [](const Row& row) { return row.part.same; }},
       {"kappa", [](const Row& row) { return cell_or_null(row.part.kappa); }},
       {"shared_errors", [](const Row& row) { return cell_or_null(row.part.shared_errors); }},
       {"different_errors", [](const Row& row) { return cell_or_null(row.part.different_errors); }},
       {"always_right", [](const Row& row) { return row.part.always_right; }},
       {"always_wrong", [](const Row& row) { return row.part.always_wrong; }},
       {"vote_accuracy", [](const Row& row) { return row.part.vote_accuracy; }}},
      [](const DatasetOutcomes&, const ArchitectureOutcomes& one) {
        std::vector<Agreement> agreements;
        if (one.agreement) agreements.push_back(*one.agreement);
        return agreements;
      });
}

NamedTable runs_table(const ImageOutcomes& outcomes, const Population& population) {
  using Row = Of<RunOutcomes>;
  return architecture_table<RunOutcomes>(
      outcomes, "run_classes",
      {{"run_id", [&](const Row& row) { return population.runs[row.part.run].id; }},
       {"replicate",
        [&](const Row& row) { return whole(population.runs[row.part.run].replicate); }},
       {"accuracy", [](const Row& row) { return row.part.accuracy; }},
       {"balanced_accuracy", [](const Row& row) { return row.part.balanced; }},
       {"worst_class", [](const Row& row) { return whole(row.part.worst); }},
       {"worst_accuracy", [](const Row& row) { return row.part.worst_accuracy; }},
       {"top_class", [](const Row& row) { return whole(row.part.top.label); }},
       {"top_class_share", [](const Row& row) { return row.part.top.share; }},
       {"constant", [](const Row& row) { return whole(row.part.constant); }}},
      [](const DatasetOutcomes&, const ArchitectureOutcomes& one) { return one.outcomes; });
}

// ---- compressed networks ---------------------------------------------------------------------

NamedTable pairs_table(const ImageOutcomes& outcomes) {
  using Row = Of<CompressedOutcomes>;
  const auto figure = [](double PairedLoss::*field) {
    return [field](const Row& row) { return row.part.loss.*field; };
  };
  return architecture_table<CompressedOutcomes>(
      outcomes, "compression_pairs",
      {{"pruning", [](const Row& row) { return row.part.pruning; }},
       {"sparsity_asked", [](const Row& row) { return row.part.sparsity_asked; }},
       {"quantization", [](const Row& row) { return row.part.quantization; }},
       {"format", [](const Row& row) { return row.part.format.text(); }},
       {"tensor", [](const Row& row) { return row.part.tensor; }},
       {"runs", [](const Row& row) { return row.part.loss.runs; }},
       {"images", [](const Row& row) { return row.part.loss.images; }},
       {"accuracy_before", figure(&PairedLoss::accuracy_before)},
       {"accuracy", figure(&PairedLoss::accuracy_after)},
       {"loss", [](const Row& row) { return row.part.loss.loss.mean; }},
       {"loss_low", [](const Row& row) { return row.part.loss.loss.low; }},
       {"loss_high", [](const Row& row) { return row.part.loss.loss.high; }},
       {"se_seeds", [](const Row& row) { return known(row.part.loss.loss.se_seeds); }},
       {"se_images", [](const Row& row) { return row.part.loss.loss.se_images; }},
       {"least_loss", figure(&PairedLoss::low)},
       {"most_loss", figure(&PairedLoss::high)},
       {"verdict", [](const Row& row) { return to_string(row.part.loss.verdict); }},
       {"forgotten", figure(&PairedLoss::forgotten)},
       {"learned", figure(&PairedLoss::learned)},
       {"runs_worse", [](const Row& row) { return row.part.loss.runs_worse; }},
       {"balanced_accuracy", figure(&PairedLoss::balanced_after)},
       {"most_harmed_class", [](const Row& row) { return whole(row.part.loss.most_harmed); }},
       {"most_harmed_name",
        [](const Row& row) { return name_of(*row.dataset, row.part.loss.most_harmed); }},
       {"most_harmed_before", figure(&PairedLoss::most_harmed_before)},
       {"most_harmed_after", figure(&PairedLoss::most_harmed_after)},
       {"constant_runs", [](const Row& row) { return row.part.loss.constant; }}},
      [](const DatasetOutcomes&, const ArchitectureOutcomes& one) { return one.compressed; });
}

}  // namespace

record::AnalysisRecord record_of(const ImageOutcomes& outcomes, const Population& population,
                                 const std::string& program_version) {
  return record_with_rows(
      "predictions", outcomes.settings, outcomes.runs, program_version,
      {intervals_table(outcomes, population), resolutions_table(outcomes), spread_table(outcomes),
       classes_table(outcomes), class_summary_table(outcomes), confusion_table(outcomes),
       agreement_table(outcomes), runs_table(outcomes, population), pairs_table(outcomes)});
}

}  // namespace minima::analysis
