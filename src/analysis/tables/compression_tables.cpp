// The tables of the compression analyses, with their columns and cells.
#include <iterator>
#include <utility>

#include "analysis/compression/compression.h"
#include "analysis/tables/family_tables.h"
#include "record/analysis.h"

namespace minima::analysis {
namespace {

using record::Cell;
template <typename Row, typename RowsOf>
NamedTable family_table(const Compression& compression, std::string name,
                        std::vector<ColumnOf<Row>> own, const RowsOf& rows_of) {
  return table_by_family(compression.families, std::move(name), std::move(own), rows_of,
                         [](const FamilyCompression& family) {
                           return FamilyName{family.dataset, family.family};
                         });
}

/// Concatenates two lists of columns.
template <typename Row>
std::vector<ColumnOf<Row>> joined(std::vector<ColumnOf<Row>> first,
                                  std::vector<ColumnOf<Row>> more) {
  first.insert(first.end(), std::move_iterator(more.begin()), std::move_iterator(more.end()));
  return first;
}

template <typename Row, typename SummaryOf>
std::vector<ColumnOf<Row>> accuracy_columns(const SummaryOf& of) {
  return {{"runs", [of](const Row& row) { return of(row).runs; }},
          {"test_accuracy", [of](const Row& row) { return of(row).mean; }},
          {"test_accuracy_sd", [of](const Row& row) { return cell_or_null(of(row).sd); }},
          {"test_accuracy_min", [of](const Row& row) { return of(row).min; }},
          {"test_accuracy_max", [of](const Row& row) { return of(row).max; }}};
}

/// A curve, or one of its points.
template <typename Curve, typename Point>
struct OnCurve {
  const Curve* curve;
  Point point;
};

enum class Which { whole, one_tensor };

/// The curves of whole networks, or of single tensors.
template <typename Curve>
std::vector<const Curve*> curves_of(const std::vector<Curve>& all, Which which) {
  std::vector<const Curve*> curves;
  for (const Curve& curve : all) {
    if (curve.tensor.empty() == (which == Which::whole)) curves.push_back(&curve);
  }
  return curves;
}

template <typename Row, typename Curve, typename PointsOf>
std::vector<Row> points_of(const std::vector<Curve>& all, Which which, const PointsOf& points_of) {
  std::vector<Row> rows;
  for (const Curve* curve : curves_of(all, which)) {
    for (const auto& point : points_of(*curve)) rows.push_back({curve, point});
  }
  return rows;
}

// ---- pruning ---------------------------------------------------------------------------------

using OnPruning = OnCurve<PruningCurve, PruningPoint>;
using OnPhases = OnCurve<PruningCurve, PruningPiece>;

std::vector<OnPruning> pruning_points(const FamilyCompression& family, Which which) {
  return points_of<OnPruning>(family.pruning, which,
                              [](const PruningCurve& curve) { return curve.points; });
}

NamedTable pruning_curves_table(const Compression& compression) {
  using Row = OnPruning;
  auto columns =
      joined<Row>({{"architecture", [](const Row& row) { return row.curve->architecture; }},
                   {"parameters", [](const Row& row) { return row.curve->parameters; }},
                   {"pruning", [](const Row& row) { return row.curve->protocol; }},
                   {"sparsity_asked", [](const Row& row) { return row.point.asked; }},
                   {"sparsity", [](const Row& row) { return row.point.sparsity; }}},
                  accuracy_columns<Row>([](const Row& row) { return row.point.accuracy; }));
  columns = joined<Row>(
      std::move(columns),
      {{"loss", [](const Row& row) { return row.point.loss; }},
       {"skill_loss", [](const Row& row) { return cell_or_null(row.point.skill_loss); }},
       {"packed_bytes", [](const Row& row) { return row.point.packed_bytes; }},
       {"dead_units", [](const Row& row) { return row.point.dead_units; }}});
  return family_table<Row>(compression, "pruning_curves", std::move(columns),
                           [](const auto& family) { return pruning_points(family, Which::whole); });
}

using CurveRow = const PruningCurve*;

std::vector<ColumnOf<CurveRow>> redundancy_columns() {
  using Row = CurveRow;
  return {
      {"redundancy", [](const Row& row) { return row->redundancy.estimate.mean; }},
      {"redundancy_sd", [](const Row& row) { return cell_or_null(row->redundancy.estimate.sd); }},
      {"low", [](const Row& row) { return cell_or_null(row->redundancy.estimate.low); }},
      {"high", [](const Row& row) { return cell_or_null(row->redundancy.estimate.high); }},
      {"beyond", [](const Row& row) { return row->redundancy.beyond; }}};
}

/// NULL for an architecture that is not stable.
std::vector<ColumnOf<CurveRow>> skill_columns() {
  using Row = CurveRow;
  const auto of_stable = [](const Row& row, double value) {
    return row->stable_runs > 0 ? Cell(value) : Cell();
  };
  return {
      {"stable_runs", [](const Row& row) { return row->stable_runs; }},
      {"skill_redundancy",
       [=](const Row& row) { return of_stable(row, row->skill_redundancy.estimate.mean); }},
      {"skill_low",
       [](const Row& row) { return cell_or_null(row->skill_redundancy.estimate.low); }},
      {"skill_high",
       [](const Row& row) { return cell_or_null(row->skill_redundancy.estimate.high); }},
      {"skill_beyond", [](const Row& row) { return row->skill_redundancy.beyond; }},
      {"skill_tolerance", [=](const Row& row) { return of_stable(row, row->skill_tolerance); }}};
}

NamedTable redundancy_table(const Compression& compression) {
  using Row = CurveRow;
  auto columns =
      joined<Row>({{"architecture", [](const Row& row) { return row->architecture; }},
                   {"parameters", [](const Row& row) { return row->parameters; }},
                   {"pruning", [](const Row& row) { return row->protocol; }},
                   {"runs", [](const Row& row) { return row->runs; }},
                   {"dense_accuracy", [](const Row& row) { return row->dense_accuracy; }}},
                  redundancy_columns());
  columns = joined<Row>(
      std::move(columns),
      {{"flat_until", [](const Row& row) { return cell_or_null(row->phases.flat_until); }},
       {"collapse_from", [](const Row& row) { return cell_or_null(row->phases.collapse_from); }}});
  columns = joined<Row>(std::move(columns), skill_columns());
  return family_table<Row>(
      compression, "pruning_redundancy", std::move(columns),
      [](const auto& family) { return curves_of(family.pruning, Which::whole); });
}

NamedTable pruning_phases_table(const Compression& compression) {
  using Row = OnPhases;
  return family_table<Row>(
      compression, "pruning_phases",
      {{"architecture", [](const Row& row) { return row.curve->architecture; }},
       {"pruning", [](const Row& row) { return row.curve->protocol; }},
       {"phase", [](const Row& row) { return to_string(row.point.phase); }},
       {"first_sparsity", [](const Row& row) { return row.point.first_sparsity; }},
       {"last_sparsity", [](const Row& row) { return row.point.last_sparsity; }},
       {"first_accuracy", [](const Row& row) { return row.point.first_accuracy; }},
       {"last_accuracy", [](const Row& row) { return row.point.last_accuracy; }},
       {"fall", [](const Row& row) { return row.point.fall; }}},
      [](const FamilyCompression& family) {
        return points_of<Row>(family.pruning, Which::whole,
                              [](const PruningCurve& curve) { return curve.phases.pieces; });
      });
}

NamedTable pruning_sensitivity_table(const Compression& compression) {
  using Row = OnPruning;
  return family_table<Row>(
      compression, "pruning_sensitivity",
      {{"architecture", [](const Row& row) { return row.curve->architecture; }},
       {"pruning", [](const Row& row) { return row.curve->protocol; }},
       {"tensor", [](const Row& row) { return row.curve->tensor; }},
       {"sparsity_asked", [](const Row& row) { return row.point.asked; }},
       {"sparsity", [](const Row& row) { return row.point.sparsity; }},
       {"runs", [](const Row& row) { return row.point.accuracy.runs; }},
       {"test_accuracy", [](const Row& row) { return row.point.accuracy.mean; }},
       {"loss", [](const Row& row) { return row.point.loss; }}},
      [](const auto& family) { return pruning_points(family, Which::one_tensor); });
}

NamedTable pruning_tensors_table(const Compression& compression) {
  using Row = CurveRow;
  return family_table<Row>(
      compression, "pruning_tensors",
      joined<Row>({{"architecture", [](const Row& row) { return row->architecture; }},
                   {"pruning", [](const Row& row) { return row->protocol; }},
                   {"tensor", [](const Row& row) { return row->tensor; }},
                   {"runs", [](const Row& row) { return row->runs; }}},
                  redundancy_columns()),
      [](const auto& family) { return curves_of(family.pruning, Which::one_tensor); });
}

// ---- depth -----------------------------------------------------------------------------------

struct DepthRow {
  std::string protocol;
  DepthRedundancy depth;
};

NamedTable depth_table(const Compression& compression) {
  using Row = DepthRow;
  return family_table<Row>(
      compression, "pruning_depth",
      {{"pruning", [](const Row& row) { return row.protocol; }},
       {"depth", [](const Row& row) { return whole(row.depth.depth); }},
       {"architectures", [](const Row& row) { return row.depth.architectures; }},
       {"runs", [](const Row& row) { return row.depth.runs; }},
       {"redundancy", [](const Row& row) { return row.depth.mean; }},
       {"redundancy_sd", [](const Row& row) { return cell_or_null(row.depth.sd); }}},
      [](const FamilyCompression& family) {
        std::vector<Row> rows;
        for (const DepthEffect& effect : family.depth) {
          for (const auto& depth : effect.depths) rows.push_back({effect.protocol, depth});
        }
        return rows;
      });
}

struct DepthTestRow {
  std::string protocol;
  std::string scope;
  RankCorrelation correlation;
};

NamedTable depth_tests_table(const Compression& compression) {
  using Row = DepthTestRow;
  return family_table<Row>(
      compression, "pruning_depth_tests",
      {{"pruning", [](const Row& row) { return row.protocol; }},
       {"scope", [](const Row& row) { return row.scope; }},
       {"architectures", [](const Row& row) { return whole(row.correlation.observations); }},
       {"rho", [](const Row& row) { return row.correlation.rho; }},
       {"p", [](const Row& row) { return row.correlation.p; }}},
      [](const FamilyCompression& family) {
        std::vector<Row> rows;
        for (const DepthEffect& effect : family.depth) {
          if (effect.all) rows.push_back({effect.protocol, "all", *effect.all});
          if (effect.of_width) rows.push_back({effect.protocol, "equal_width", *effect.of_width});
          if (effect.of_size) rows.push_back({effect.protocol, "equal_size", *effect.of_size});
        }
        return rows;
      });
}

// ---- quantization ----------------------------------------------------------------------------

using OnFormats = OnCurve<QuantizationCurve, FormatPoint>;

std::vector<OnFormats> format_points(const FamilyCompression& family, Which which) {
  return points_of<OnFormats>(family.quantization, which,
                              [](const QuantizationCurve& curve) { return curve.points; });
}

std::vector<ColumnOf<OnFormats>> loss_columns() {
  using Row = OnFormats;
  return {{"loss", [](const Row& row) { return row.point.loss.mean; }},
          {"loss_low", [](const Row& row) { return cell_or_null(row.point.loss.low); }},
          {"loss_high", [](const Row& row) { return cell_or_null(row.point.loss.high); }}};
}

NamedTable quantization_curves_table(const Compression& compression) {
  using Row = OnFormats;
  auto columns =
      joined<Row>({{"architecture", [](const Row& row) { return row.curve->architecture; }},
                   {"parameters", [](const Row& row) { return row.curve->parameters; }},
                   {"quantization", [](const Row& row) { return row.curve->protocol; }},
                   {"format", [](const Row& row) { return row.point.format.text(); }},
                   {"bits", [](const Row& row) { return whole(row.point.bits); }},
                   {"total_bits", [](const Row& row) { return row.point.total_bits; }},
                   {"activations", [](const Row& row) { return row.point.activations; }},
                   {"arithmetic", [](const Row& row) { return row.point.arithmetic; }}},
                  accuracy_columns<Row>([](const Row& row) { return row.point.accuracy; }));
  columns = joined<Row>(std::move(columns), loss_columns());
  columns.push_back(
      {"skill_loss", [](const Row& row) { return cell_or_null(row.point.skill_loss); }});
  columns.push_back({"packed_bytes", [](const Row& row) { return row.point.packed_bytes; }});
  return family_table<Row>(compression, "quantization_curves", std::move(columns),
                           [](const auto& family) { return format_points(family, Which::whole); });
}

NamedTable quantization_sensitivity_table(const Compression& compression) {
  using Row = OnFormats;
  return family_table<Row>(
      compression, "quantization_sensitivity",
      joined<Row>({{"architecture", [](const Row& row) { return row.curve->architecture; }},
                   {"quantization", [](const Row& row) { return row.curve->protocol; }},
                   {"tensor", [](const Row& row) { return row.curve->tensor; }},
                   {"format", [](const Row& row) { return row.point.format.text(); }},
                   {"bits", [](const Row& row) { return whole(row.point.bits); }},
                   {"runs", [](const Row& row) { return row.point.loss.runs; }}},
                  loss_columns()),
      [](const auto& family) { return format_points(family, Which::one_tensor); });
}

Cell format_cell(const QuantizationCurve& curve, const std::optional<std::size_t>& point) {
  return point ? Cell(curve.points[*point].format.text()) : Cell();
}

Cell bits_cell(const QuantizationCurve& curve, const std::optional<std::size_t>& point) {
  return point ? whole(curve.points[*point].bits) : Cell();
}

NamedTable formats_table(const Compression& compression) {
  using Row = const QuantizationCurve*;
  return family_table<Row>(
      compression, "quantization_formats",
      {{"architecture", [](const Row& row) { return row->architecture; }},
       {"parameters", [](const Row& row) { return row->parameters; }},
       {"quantization", [](const Row& row) { return row->protocol; }},
       {"runs", [](const Row& row) { return row->runs; }},
       {"stable_runs", [](const Row& row) { return row->stable_runs; }},
       {"dense_accuracy", [](const Row& row) { return row->dense_accuracy; }},
       {"format", [](const Row& row) { return format_cell(*row, row->smallest); }},
       {"bits", [](const Row& row) { return bits_cell(*row, row->smallest); }},
       {"sure_format", [](const Row& row) { return format_cell(*row, row->surely_smallest); }},
       {"sure_bits", [](const Row& row) { return bits_cell(*row, row->surely_smallest); }}},
      [](const auto& family) { return curves_of(family.quantization, Which::whole); });
}

NamedTable sizes_table(const Compression& compression) {
  using Row = SizeEffect;
  return family_table<Row>(
      compression, "quantization_sizes",
      {{"quantization", [](const Row& row) { return row.protocol; }},
       {"format", [](const Row& row) { return row.format.text(); }},
       {"bits", [](const Row& row) { return whole(row.bits); }},
       {"architectures", [](const Row& row) { return whole(row.correlation.observations); }},
       {"loss", [](const Row& row) { return row.loss; }},
       {"rho", [](const Row& row) { return row.correlation.rho; }},
       {"p", [](const Row& row) { return row.correlation.p; }}},
      [](const FamilyCompression& family) { return family.sizes; });
}

// ---- accuracy against bytes ------------------------------------------------------------------

struct TradeOffRow {
  std::string dataset;
  TradeOff trade_off;
};

NamedTable trade_offs_table(const Compression& compression) {
  using Row = TradeOffRow;
  auto columns =
      joined<Row>({{"dataset", [](const Row& row) { return row.dataset; }},
                   {"family", [](const Row& row) { return word_text(row.trade_off.family); }},
                   {"architecture", [](const Row& row) { return row.trade_off.architecture; }},
                   {"parameters", [](const Row& row) { return row.trade_off.parameters; }},
                   {"pruning", [](const Row& row) { return row.trade_off.pruning; }},
                   {"sparsity_asked", [](const Row& row) { return row.trade_off.sparsity_asked; }},
                   {"sparsity", [](const Row& row) { return row.trade_off.sparsity; }},
                   {"quantization", [](const Row& row) { return row.trade_off.quantization; }},
                   {"format", [](const Row& row) { return row.trade_off.format.text(); }}},
                  accuracy_columns<Row>([](const Row& row) { return row.trade_off.accuracy; }));
  columns.push_back({"bytes", [](const Row& row) { return row.trade_off.bytes; }});
  columns.push_back({"on_front", [](const Row& row) { return whole(row.trade_off.on_front); }});
  columns.push_back(
      {"choosing_accuracy", [](const Row& row) { return row.trade_off.choosing.mean; }});
  columns.push_back({"learned", [](const Row& row) { return row.trade_off.learned; }});
  columns.push_back(
      {"in_integers", [](const Row& row) { return whole(row.trade_off.in_integers); }});
  columns.push_back(
      {"accuracy_low", [](const Row& row) { return cell_or_null(row.trade_off.low); }});
  columns.push_back(
      {"accuracy_high", [](const Row& row) { return cell_or_null(row.trade_off.high); }});
  columns.push_back({"gain_shown", [](const Row& row) {
                       const auto& shown = row.trade_off.gain_shown;
                       return shown ? whole(*shown) : record::Cell();
                     }});
  std::vector<Row> rows;
  for (const auto& [dataset, trade_offs] : compression.trade_offs) {
    for (const TradeOff& row : trade_offs) rows.push_back({dataset, row});
  }
  return {"trade_offs", table_of(columns, rows)};
}

}  // namespace

std::vector<record::AnalysisRecord> records_of(const Compression& compression,
                                               const Population& population,
                                               const std::string& program_version) {
  if (population.variants.empty()) return {};
  const auto record = [&](const char* name, std::vector<NamedTable> tables) {
    return record_with_rows(name, compression.settings, compression.runs, program_version,
                            std::move(tables));
  };
  return {record("pruning", {pruning_curves_table(compression), redundancy_table(compression),
                             pruning_phases_table(compression), depth_table(compression),
                             depth_tests_table(compression), pruning_sensitivity_table(compression),
                             pruning_tensors_table(compression)}),
          record("quantization",
                 {quantization_curves_table(compression), formats_table(compression),
                  sizes_table(compression), quantization_sensitivity_table(compression)}),
          record("trade_offs", {trade_offs_table(compression)})};
}

}  // namespace minima::analysis
