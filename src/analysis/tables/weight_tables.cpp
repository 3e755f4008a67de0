// The tables of the weight analyses. A test compares them with docs/store.md.
#include <algorithm>

#include "analysis/tables/family_tables.h"
#include "analysis/weights/projection.h"
#include "analysis/weights/weights.h"
#include "record/analysis.h"
#include "record/weight_summary.h"

namespace minima::analysis {
namespace {

using record::Cell;
template <typename Row, typename Family, typename RowsOf>
NamedTable family_table(const std::vector<Family>& families, std::string name,
                        std::vector<ColumnOf<Row>> own, const RowsOf& rows_of) {
  return table_by_family(families, std::move(name), std::move(own), rows_of,
                         [](const Family& family) {
                           return FamilyName{family.of->dataset, family.of->family};
                         });
}

Cell group_cell(const std::optional<AccuracyGroup>& group) {
  return group ? Cell(to_string(*group)) : Cell();
}

// ---- weights ---------------------------------------------------------------------------------

struct StrengthRow {
  const WeightRun* run;
  const RunTensor* tensor;
};

std::vector<StrengthRow> strength_rows(const FamilyWeights& family) {
  std::vector<StrengthRow> rows;
  for (const WeightRun& run : family.of->runs) {
    for (const RunTensor& tensor : run.tensors) rows.push_back({&run, &tensor});
  }
  return rows;
}

NamedTable strengths_table(const Weights& weights) {
  using Row = StrengthRow;
  const auto figure = [](double record::TensorStatistics::*member) {
    return [member](const Row& row) { return Cell(row.tensor->statistics.*member); };
  };
  const auto of_start = [](double InitialFigures::*member) {
    return [member](const Row& row) {
      return row.tensor->start ? Cell((*row.tensor->start).*member) : Cell();
    };
  };
  return family_table<Row>(
      weights.families, "weight_strengths",
      {{"run_id", [](const Row& row) { return row.run->run->id; }},
       {"architecture", [](const Row& row) { return row.run->run->architecture; }},
       {"accuracy", [](const Row& row) { return row.run->accuracy; }},
       {"accuracy_group", [](const Row& row) { return group_cell(row.run->group); }},
       {"tensor", [](const Row& row) { return row.tensor->name; }},
       {"layer", [](const Row& row) { return to_string(row.tensor->role); }},
       {"mean", figure(&record::TensorStatistics::mean)},
       {"sd", figure(&record::TensorStatistics::sd)},
       {"start_mean", of_start(&InitialFigures::mean)},
       {"start_sd", of_start(&InitialFigures::sd)},
       {"start_near_zero", of_start(&InitialFigures::near_zero)},
       {"start_node_strength", of_start(&InitialFigures::node_strength)},
       {"skewness", figure(&record::TensorStatistics::skewness)},
       {"kurtosis", figure(&record::TensorStatistics::kurtosis)},
       {"near_zero", figure(&record::TensorStatistics::near_zero)},
       {"stable_rank", figure(&record::TensorStatistics::stable_rank)},
       {"node_strength", [](const Row& row) { return row.tensor->node_strength; }},
       {"node_strength_sd", [](const Row& row) { return row.tensor->node_strength_sd; }}},
      strength_rows);
}

struct CourseRow {
  const RoleAndGroup* whose;
  int epoch;
  const CoursePoint* point;
};

NamedTable courses_table(const Weights& weights) {
  using Row = CourseRow;
  return family_table<Row>(
      weights.families, "weight_courses",
      {{"layer", [](const Row& row) { return to_string(row.whose->first); }},
       {"accuracy_group", [](const Row& row) { return to_string(row.whose->second); }},
       {"epoch", [](const Row& row) { return std::int64_t{row.epoch}; }},
       {"runs", [](const Row& row) { return row.point->runs; }},
       {"sd", [](const Row& row) { return row.point->sd; }},
       {"node_strength", [](const Row& row) { return row.point->node_strength; }}},
      [](const FamilyWeights& family) {
        std::vector<Row> rows;
        for (const auto& [whose, course] : family.of->courses) {
          for (const auto& [epoch, point] : course) rows.push_back({&whose, epoch, &point});
        }
        return rows;
      });
}

std::string stage_name(record::WeightStage stage) {
  return stage == record::WeightStage::start ? "start" : "end";
}

struct DensityRow {
  const GroupDensity* density;
  std::size_t place;
};

NamedTable densities_table(const Weights& weights) {
  using Row = DensityRow;
  return family_table<Row>(
      weights.families, "weight_densities",
      {{"layer", [](const Row& row) { return to_string(row.density->role); }},
       {"accuracy_group", [](const Row& row) { return to_string(row.density->group); }},
       {"stage", [](const Row& row) { return stage_name(row.density->stage); }},
       {"runs", [](const Row& row) { return row.density->runs; }},
       {"weights", [](const Row& row) { return row.density->weights; }},
       {"bandwidth", [](const Row& row) { return row.density->bandwidth; }},
       {"x", [](const Row& row) { return row.density->x[row.place]; }},
       {"histogram", [](const Row& row) { return row.density->histogram[row.place]; }},
       {"density", [](const Row& row) { return row.density->density[row.place]; }}},
      [](const FamilyWeights& family) {
        std::vector<Row> rows;
        for (const GroupDensity& density : family.densities) {
          for (std::size_t i = 0; i < density.x.size(); ++i) rows.push_back({&density, i});
        }
        return rows;
      });
}

NamedTable distances_table(const Weights& weights) {
  using Row = GroupDistance;
  return family_table<Row>(
      weights.families, "weight_distances",
      {{"layer", [](const Row& row) { return to_string(row.role); }},
       {"group_a", [](const Row& row) { return to_string(row.a); }},
       {"group_b", [](const Row& row) { return to_string(row.b); }},
       {"pairs", [](const Row& row) { return row.pairs; }},
       {"mean", [](const Row& row) { return cell_or_null(row.mean); }},
       {"start_mean", [](const Row& row) { return cell_or_null(row.start_mean); }},
       {"merged", [](const Row& row) { return row.merged; }}},
      [](const FamilyWeights& family) { return family.distances; });
}

NamedTable correlations_table(const Weights& weights) {
  using Row = NodeCorrelation;
  // Runs of different architectures are not independent, so there is no interval over all of them.
  const auto of_equals = [](double Correlation::*member) {
    return [member](const Row& row) {
      return row.scope == WeightScope::population ? Cell() : Cell(row.end.*member);
    };
  };
  return family_table<Row>(
      weights.families, "node_correlations",
      {{"tensor", [](const Row& row) { return row.tensor; }},
       {"next", [](const Row& row) { return row.next; }},
       {"scope", [](const Row& row) { return to_string(row.scope); }},
       {"accuracy_group", [](const Row& row) { return group_cell(row.group); }},
       {"runs", [](const Row& row) { return row.end.runs; }},
       {"r", [](const Row& row) { return row.end.r; }},
       {"low", of_equals(&Correlation::low)},
       {"high", of_equals(&Correlation::high)},
       {"start_r", [](const Row& row) { return cell_or_null(row.start_r); }},
       {"change_r", [](const Row& row) { return cell_or_null(row.change_r); }}},
      [](const FamilyWeights& family) { return family.correlations; });
}

NamedTable findings_table(const Weights& weights) {
  using Row = WeightFinding;
  return family_table<Row>(
      weights.families, "weight_findings",
      {{"finding", [](const Row& row) { return to_string(row.finding); }},
       {"layer", [](const Row& row) { return to_string(row.layer); }},
       {"scope", [](const Row& row) { return to_string(row.scope); }},
       {"statistic", [](const Row& row) { return to_string(row.statistic); }},
       {"start_value", [](const Row& row) { return cell_or_null(row.start_value); }},
       {"value", [](const Row& row) { return cell_or_null(row.value); }},
       {"low", [](const Row& row) { return cell_or_null(row.low); }},
       {"high", [](const Row& row) { return cell_or_null(row.high); }},
       {"p", [](const Row& row) { return cell_or_null(row.p); }},
       {"least_p", [](const Row& row) { return cell_or_null(row.least_p); }},
       {"architectures", [](const Row& row) { return row.architectures; }},
       {"successful", [](const Row& row) { return row.successful; }},
       {"suboptimal", [](const Row& row) { return row.suboptimal; }}},
      [](const FamilyWeights& family) { return family.findings; });
}

// ---- projection ------------------------------------------------------------------------------

struct PlaceRow {
  const LayerProjection* layer;
  const ProjectedRun* run;
};

NamedTable places_table(const Projection& projection) {
  using Row = PlaceRow;
  return family_table<Row>(
      projection.families, "projections",
      {{"layer", [](const Row& row) { return to_string(row.layer->role); }},
       {"run_id", [](const Row& row) { return row.run->run->run->id; }},
       {"architecture", [](const Row& row) { return row.run->run->run->architecture; }},
       {"accuracy", [](const Row& row) { return row.run->run->accuracy; }},
       {"accuracy_group", [](const Row& row) { return group_cell(row.run->run->group); }},
       {"pca_x", [](const Row& row) { return row.run->pca[0]; }},
       {"pca_y", [](const Row& row) { return row.run->pca[1]; }},
       {"tsne_x", [](const Row& row) { return static_cast<double>(row.run->tsne[0]); }},
       {"tsne_y", [](const Row& row) { return static_cast<double>(row.run->tsne[1]); }},
       {"features", [](const Row& row) { return to_string(row.layer->features); }}},
      [](const FamilyProjection& family) {
        std::vector<Row> rows;
        for (const LayerProjection& layer : family.layers) {
          for (const ProjectedRun& run : layer.runs) rows.push_back({&layer, &run});
        }
        return rows;
      });
}

NamedTable qualities_table(const Projection& projection) {
  using Row = const LayerProjection*;
  return family_table<Row>(
      projection.families, "projection_qualities",
      {{"layer", [](const Row& row) { return to_string(row->role); }},
       {"runs", [](const Row& row) { return whole(row->runs.size()); }},
       {"explained_x", [](const Row& row) { return row->explained[0]; }},
       {"explained_y", [](const Row& row) { return row->explained[1]; }},
       {"perplexity", [](const Row& row) { return row->perplexity; }},
       {"divergence", [](const Row& row) { return row->divergence; }},
       {"trustworthiness", [](const Row& row) { return row->trustworthiness; }},
       {"features", [](const Row& row) { return to_string(row->features); }},
       {"architecture", [](const Row& row) { return cell_or_null(row->architecture); }}},
      [](const FamilyProjection& family) {
        std::vector<Row> rows;
        for (const LayerProjection& layer : family.layers) rows.push_back(&layer);
        return rows;
      });
}

struct SeparationRow {
  const LayerProjection* layer;
  const Separation* separation;
};

NamedTable separations_table(const Projection& projection) {
  using Row = SeparationRow;
  return family_table<Row>(
      projection.families, "projection_separations",
      {{"layer", [](const Row& row) { return to_string(row.layer->role); }},
       {"space", [](const Row& row) { return to_string(row.separation->space); }},
       {"scope", [](const Row& row) { return to_string(row.separation->scope); }},
       {"points", [](const Row& row) { return row.separation->points; }},
       {"silhouette", [](const Row& row) { return cell_or_null(row.separation->silhouette); }},
       {"agreement", [](const Row& row) { return row.separation->agreement; }},
       {"expected", [](const Row& row) { return row.separation->expected; }},
       {"start_agreement",
        [](const Row& row) { return cell_or_null(row.separation->start_agreement); }},
       {"p", [](const Row& row) { return cell_or_null(row.separation->p); }},
       {"features", [](const Row& row) { return to_string(row.layer->features); }},
       {"architecture", [](const Row& row) { return cell_or_null(row.layer->architecture); }}},
      [](const FamilyProjection& family) {
        std::vector<Row> rows;
        for (const LayerProjection& layer : family.layers) {
          for (const Separation& row : layer.separations) rows.push_back({&layer, &row});
        }
        return rows;
      });
}

NamedTable contrasts_table(const Projection& projection) {
  using Row = const LayerProjection*;
  const auto of_dispersion = [](const auto& get) {
    return [get](const Row& row) -> Cell {
      return row->contrast->dispersion ? Cell(get(*row->contrast->dispersion)) : Cell();
    };
  };
  return family_table<Row>(
      projection.families, "projection_contrasts",
      {{"layer", [](const Row& row) { return to_string(row->role); }},
       {"features", [](const Row& row) { return to_string(row->features); }},
       {"architecture", [](const Row& row) { return cell_or_null(row->architecture); }},
       {"architectures", [](const Row& row) { return row->contrast->architectures; }},
       {"successful", [](const Row& row) { return row->contrast->successful; }},
       {"suboptimal", [](const Row& row) { return row->contrast->suboptimal; }},
       {"pseudo_f", [](const Row& row) { return row->contrast->location.pseudo_f; }},
       {"r_squared", [](const Row& row) { return row->contrast->location.r_squared; }},
       {"expected", [](const Row& row) { return row->contrast->location.expected; }},
       {"p", [](const Row& row) { return row->contrast->location.p_above; }},
       {"least_p", [](const Row& row) { return row->contrast->least_p; }},
       {"dispersion", of_dispersion([](const PooledEffect& e) { return Cell(e.effect); })},
       {"dispersion_low", of_dispersion([](const PooledEffect& e) { return cell_or_null(e.low); })},
       {"dispersion_high",
        of_dispersion([](const PooledEffect& e) { return cell_or_null(e.high); })},
       {"dispersion_p", of_dispersion([](const PooledEffect& e) { return Cell(e.p); })},
       {"dispersion_least_p",
        of_dispersion([](const PooledEffect& e) { return Cell(e.least_p); })}},
      [](const FamilyProjection& family) {
        std::vector<Row> rows;
        for (const LayerProjection& layer : family.layers) {
          if (layer.contrast) rows.push_back(&layer);
        }
        return rows;
      });
}

NamedTable similarities_table(const Projection& projection) {
  using Row = Similarity;
  const std::vector<ColumnOf<Row>> columns{
      {"dataset", [](const Row& row) { return row.dataset; }},
      {"family", [](const Row& row) { return word_text(row.family); }},
      {"scope", [](const Row& row) { return to_string(row.scope); }},
      {"reference_runs", [](const Row& row) { return row.references; }},
      {"architectures", [](const Row& row) { return row.effect.architectures; }},
      {"successful", [](const Row& row) { return row.successful; }},
      {"suboptimal", [](const Row& row) { return row.suboptimal; }},
      {"mean_distance", [](const Row& row) { return row.mean_distance; }},
      {"value", [](const Row& row) { return row.effect.effect; }},
      {"low", [](const Row& row) { return cell_or_null(row.effect.low); }},
      {"high", [](const Row& row) { return cell_or_null(row.effect.high); }},
      {"p", [](const Row& row) { return row.effect.p; }},
      {"least_p", [](const Row& row) { return row.effect.least_p; }}};
  return {"weight_similarities", table_of(columns, projection.similarities)};
}

}  // namespace

std::vector<record::AnalysisRecord> records_of(const Weights& weights,
                                               const std::string& program_version) {
  if (weights.families.empty()) return {};
  return {record_with_rows(
      "weights", weights.settings, weights.runs, program_version,
      {findings_table(weights), strengths_table(weights), courses_table(weights),
       densities_table(weights), distances_table(weights), correlations_table(weights)})};
}

std::vector<record::AnalysisRecord> records_of(const Projection& projection,
                                               const std::string& program_version) {
  if (projection.families.empty()) return {};
  return {record_with_rows(
      "projection", projection.settings, projection.runs, program_version,
      {places_table(projection), qualities_table(projection), separations_table(projection),
       contrasts_table(projection), similarities_table(projection)})};
}

}  // namespace minima::analysis
