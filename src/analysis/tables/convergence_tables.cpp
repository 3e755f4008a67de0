// The tables of the convergence analysis, with their columns and cells.
#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include "analysis/convergence/convergence.h"
#include "analysis/tables/family_tables.h"
#include "analysis/tables/series_tables.h"
#include "record/analysis.h"
#include "record/run_row.h"

namespace minima::analysis {
namespace {

using record::Cell;
template <typename Row, typename RowsOf>
NamedTable family_table(const Convergence& convergence, std::string name,
                        std::vector<ColumnOf<Row>> own, const RowsOf& rows_of) {
  return table_by_family(convergence.families, std::move(name), std::move(own), rows_of,
                         [](const FamilyConvergence& family) {
                           return FamilyName{family.dataset, family.selection.family};
                         });
}

// ---- the literal reading ---------------------------------------------------------------------

struct LiteralRow {
  std::string quantity;
  SizeEstimate size;
  std::optional<double> failure_limit = {};
};

std::vector<LiteralRow> literal_sizes_of(const FamilyConvergence& family) {
  return {{"minimal_parameters", family.literal.size, family.literal.failure_limit},
          {"minimal_parameters_accuracy", family.literal.size_for_accuracy},
          {"minimal_parameters_spread", family.literal.size_for_spread}};
}

NamedTable literal_table(const Convergence& convergence) {
  using Row = LiteralRow;
  return family_table<Row>(
      convergence, "family_sizes",
      {{"quantity", [](const Row& row) { return row.quantity; }},
       {"parameters", [](const Row& row) { return cell_or_null(row.size.parameters); }},
       {"low", [](const Row& row) { return cell_or_null(row.size.low); }},
       {"high", [](const Row& row) { return cell_or_null(row.size.high); }},
       {"has_interval", [](const Row& row) { return whole(row.size.has_interval); }},
       {"plain", [](const Row& row) { return cell_or_null(row.size.plain); }},
       {"failure_limit", [](const Row& row) { return cell_or_null(row.failure_limit); }}},
      [](const FamilyConvergence& family) { return literal_sizes_of(family); });
}

// ---- over the epochs -------------------------------------------------------------------------

struct PhaseRow {
  std::string architecture;
  std::string curve;
  CurvePiece piece;
};

std::vector<PhaseRow> pieces_of(const FamilyConvergence& family) {
  std::vector<PhaseRow> rows;
  for (const ArchitecturePhases& phases : family.phases) {
    for (const CurvePiece& piece : phases.loss.pieces) {
      rows.push_back({phases.architecture, "loss", piece});
    }
    for (const CurvePiece& piece : phases.error.pieces) {
      rows.push_back({phases.architecture, "error", piece});
    }
  }
  return rows;
}

NamedTable phases_table(const Convergence& convergence) {
  using Row = PhaseRow;
  return family_table<Row>(
      convergence, "phases",
      {{"architecture", [](const Row& row) { return row.architecture; }},
       {"curve", [](const Row& row) { return row.curve; }},
       {"phase", [](const Row& row) { return to_string(row.piece.phase); }},
       {"first_epoch", [](const Row& row) { return whole(row.piece.first_epoch); }},
       {"last_epoch", [](const Row& row) { return whole(row.piece.last_epoch); }},
       {"slope", [](const Row& row) { return row.piece.slope; }},
       {"fall_per_doubling", [](const Row& row) { return row.piece.fall_per_doubling; }}},
      pieces_of);
}

NamedTable convergence_epochs_table(const Convergence& convergence) {
  using Row = ArchitecturePhases;
  return family_table<Row>(
      convergence, "convergence_epochs",
      {{"architecture", [](const Row& row) { return row.architecture; }},
       {"parameters", [](const Row& row) { return row.parameters; }},
       {"runs", [](const Row& row) { return row.convergence.runs; }},
       {"mean",
        [](const Row& row) -> Cell {
          return row.convergence.runs > 0 ? Cell(row.convergence.mean) : Cell();
        }},
       {"median",
        [](const Row& row) -> Cell {
          return row.convergence.runs > 0 ? Cell(row.convergence.median) : Cell();
        }}},
      [](const FamilyConvergence& family) { return family.phases; });
}

// ---- shapes ----------------------------------------------------------------------------------

struct ShapeRow {
  std::string scope;
  std::string source;
  ShapeEffect effect;
  VarianceShare share;
};

std::vector<ShapeRow> shares_of(const FamilyConvergence& family) {
  std::vector<ShapeRow> rows;
  const auto add = [&](const std::string& scope, const ShapeEffect& effect) {
    if (!effect.missing.empty()) return;
    rows.push_back({scope, "parameters", effect, effect.parameters});
    rows.push_back({scope, "shape", effect, effect.shape});
    rows.push_back({scope, "seed", effect, effect.seed});
  };
  add("all", family.shape.all);
  return rows;
}

NamedTable shape_table(const Convergence& convergence) {
  using Row = ShapeRow;
  return family_table<Row>(
      convergence, "shape_invariance",
      {{"scope", [](const Row& row) { return row.scope; }},
       {"source", [](const Row& row) { return row.source; }},
       {"share", [](const Row& row) { return row.share.value; }},
       {"low", [](const Row& row) { return row.share.low; }},
       {"high", [](const Row& row) { return row.share.high; }},
       {"architectures", [](const Row& row) { return row.effect.architectures; }},
       {"total_sd", [](const Row& row) { return row.effect.total_sd; }}},
      shares_of);
}

// ---- runs ------------------------------------------------------------------------------------

struct DiagnosisRow {
  const record::RunRow* run;
  RunDiagnosis diagnosis;
};

NamedTable diagnoses_table(const Convergence& convergence, const Population& population) {
  using Row = DiagnosisRow;
  return family_table<Row>(
      convergence, "diagnoses",
      {{"run_id", [](const Row& row) { return row.run->id; }},
       {"architecture", [](const Row& row) { return row.run->architecture; }},
       {"diagnosis", [](const Row& row) { return to_string(row.diagnosis.diagnosis); }},
       {"step", [](const Row& row) { return cell_or_null(row.diagnosis.step); }},
       {"layer", [](const Row& row) { return cell_or_null(row.diagnosis.layer); }},
       {"epoch", [](const Row& row) { return cell_or_null(row.diagnosis.epoch); }},
       {"gradient_norm", [](const Row& row) { return cell_or_null(row.diagnosis.gradient_norm); }},
       {"predicted_class",
        [](const Row& row) { return cell_or_null(row.diagnosis.predicted_class); }},
       {"first_loss", [](const Row& row) { return cell_or_null(row.diagnosis.first_loss); }},
       {"last_loss", [](const Row& row) { return cell_or_null(row.diagnosis.last_loss); }},
       {"learned_until", [](const Row& row) { return cell_or_null(row.diagnosis.learned_until); }},
       {"description", [](const Row& row) { return describe(row.diagnosis); }}},
      [&](const FamilyConvergence& family) {
        std::vector<Row> rows;
        for (const RunDiagnosis& diagnosis : family.diagnoses) {
          rows.push_back({&population.runs[diagnosis.run], diagnosis});
        }
        return rows;
      });
}

// ---- groups ----------------------------------------------------------------------------------

struct GroupsRow {
  const Groups* groups;
  GroupRow row;
};

std::string_view name_of(study::AccuracyKind kind) {
  return kind == study::AccuracyKind::train ? "train" : "test";
}

std::string_view name_of(study::Bands bands) {
  return bands == study::Bands::paper ? "paper" : "natural";
}

record::Cell end_of(const PublishedGroupRow& row, double MedianInterval::*end) {
  return row.interval ? record::Cell(*row.interval.*end) : record::Cell();
}

NamedTable groups_table(const Convergence& convergence) {
  using Row = GroupsRow;
  return family_table<Row>(
      convergence, "accuracy_groups",
      {{"bands", [](const Row& row) { return std::string(name_of(row.groups->bands)); }},
       {"accuracy", [](const Row& row) { return std::string(name_of(row.groups->accuracy)); }},
       {"accuracy_group", [](const Row& row) { return to_string(row.row.group); }},
       {"min", [](const Row& row) { return cell_or_null(row.row.min); }},
       {"median", [](const Row& row) { return cell_or_null(row.row.median); }},
       {"max", [](const Row& row) { return cell_or_null(row.row.max); }},
       {"count", [](const Row& row) { return row.row.count; }},
       {"share", [](const Row& row) { return row.row.share; }}},
      [](const FamilyConvergence& family) {
        std::vector<Row> rows;
        for (const GroupRow& row : family.groups.rows) rows.push_back({&family.groups, row});
        return rows;
      });
}

NamedTable published_table(const Convergence& convergence) {
  using Row = PublishedGroupRow;
  return table_by_family<Row>(
      convergence.published, "published_groups",
      {{"accuracy_group", [](const Row& row) { return to_string(row.published.group); }},
       {"published_low", [](const Row& row) { return row.published.low / 100.0; }},
       {"published_median", [](const Row& row) { return row.published.median / 100.0; }},
       {"published_high", [](const Row& row) { return row.published.high / 100.0; }},
       {"count", [](const Row& row) { return row.count; }},
       {"share", [](const Row& row) { return row.share; }},
       {"min", [](const Row& row) { return cell_or_null(row.min); }},
       {"median", [](const Row& row) { return cell_or_null(row.median); }},
       {"max", [](const Row& row) { return cell_or_null(row.max); }},
       {"median_low", [](const Row& row) { return end_of(row, &MedianInterval::low); }},
       {"median_high", [](const Row& row) { return end_of(row, &MedianInterval::high); }}},
      [](const PublishedGroups& groups) { return groups.rows; },
      [](const PublishedGroups& groups) {
        return FamilyName{groups.dataset, groups.family};
      });
}

/// The regime of each run, from its series.
std::map<std::size_t, Regime> regimes_of_runs(const Convergence& convergence) {
  std::map<std::size_t, Regime> regimes;
  for (const SeriesConvergence& series : convergence.series) {
    for (std::size_t i = 0; i < series.series.runs.size(); ++i) {
      regimes[series.series.runs[i]] = series.regimes.run_regimes[i];
    }
  }
  return regimes;
}

std::vector<record::RunLabels> labels_of(const FamilyConvergence& family,
                                         const std::map<std::size_t, Regime>& regimes,
                                         const Population& population) {
  std::vector<record::RunLabels> labels;
  auto diagnosis = family.diagnoses.begin();  // in the order of selection.runs
  for (std::size_t i = 0; i < family.selection.runs.size(); ++i) {
    const std::size_t run = family.selection.runs[i];
    record::RunLabels& label = labels.emplace_back();
    label.run_id = population.runs[run].id;
    if (family.groups.defined && family.groups.groups[i]) {
      label.accuracy_group = to_string(*family.groups.groups[i]);
    }
    label.regime = to_string(regimes.at(run));
    if (diagnosis != family.diagnoses.end() && diagnosis->run == run) {
      label.diagnosis = describe(*diagnosis++);
    }
  }
  return labels;
}

}  // namespace

record::AnalysisRecord record_of(const Convergence& convergence, const Population& population,
                                 const std::string& program_version) {
  record::AnalysisRecord record{.name = "convergence",
                                .settings = convergence.settings.text(),
                                .program_version = program_version,
                                .runs = convergence.runs,
                                .tables = {groups_table(convergence)},
                                .labels = {}};
  std::ranges::move(series_tables(convergence), std::back_inserter(record.tables));
  for (auto& table : {literal_table(convergence), phases_table(convergence),
                      convergence_epochs_table(convergence), shape_table(convergence),
                      diagnoses_table(convergence, population)}) {
    record.tables.push_back(table);
  }
  if (!convergence.published.empty()) record.tables.push_back(published_table(convergence));
  const std::map<std::size_t, Regime> regimes = regimes_of_runs(convergence);
  for (const FamilyConvergence& family : convergence.families) {
    std::ranges::move(labels_of(family, regimes, population), std::back_inserter(record.labels));
  }
  return record;
}

}  // namespace minima::analysis
