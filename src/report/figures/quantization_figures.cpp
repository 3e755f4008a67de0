// The cost of fewer bits.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/compression/whole_curves.h"
#include "record/analysis.h"
#include "report/figures/accuracy_axis.h"
#include "report/figures/parts.h"

namespace minima::report {
namespace {

using analysis::FamilyCompression;
using analysis::QuantizationCurve;

constexpr std::size_t kMostQuantizationCurves = 40;  // per protocol

using QuantizationCurves = std::vector<const QuantizationCurve*>;

/// The formats of all curves, from the most bits to the fewest.
std::vector<std::string> formats_of(const QuantizationCurves& curves) {
  std::vector<std::pair<int, study::ValueFormat>> formats;
  for (const QuantizationCurve* curve : curves) {
    for (const auto& point : curve->points) formats.emplace_back(-point.bits, point.format);
  }
  std::ranges::sort(formats);
  std::vector<std::string> names{std::string(study::kFloat32)};
  for (const auto& [bits, format] : formats) {
    if (std::ranges::find(names, format.name()) == names.end()) names.push_back(format.text());
  }
  return names;
}

record::Table quantized_table(const QuantizationCurves& curves, const std::string& protocol,
                              const std::vector<std::string>& formats, std::string& note) {
  record::Table table{{"quantization", "rank", "architecture", "parameters", "format", "bits",
                       "total_bits", "accuracy", "loss", "runs"},
                      {}};
  const std::vector<std::size_t> drawn = scatter(curves.size(), kMostQuantizationCurves);
  for (const std::size_t i : drawn) {
    const QuantizationCurve& curve = *curves[i];
    const auto add = [&](study::ValueFormat format, int bits, double total, double accuracy,
                         double loss) {
      const auto rank = std::ranges::find(formats, format.name()) - formats.begin();
      table.rows.push_back({protocol, static_cast<std::int64_t>(rank), curve.architecture,
                            curve.parameters, format.text(), static_cast<std::int64_t>(bits), total,
                            accuracy, loss, curve.runs});
    };
    add({}, 32, 32.0 * static_cast<double>(curve.parameters), curve.dense_accuracy, 0.0);
    for (const auto& point : curve.points) {
      add(point.format, point.bits, point.total_bits, point.accuracy.mean, point.loss.mean);
    }
  }
  note = selection_note(drawn.size(), curves.size(), "curve");
  return table;
}

Json hints() {
  return tooltip({{"architecture", "architecture"},
                  {"parameters", "parameters", ",d"},
                  {"format", "format"},
                  {"bits", "bits per weight", "d"},
                  {"total_bits", "total bits", ".3s"},
                  {"accuracy", "mean test accuracy", ".2%"},
                  {"loss", "loss", ".2%"},
                  {"runs", "runs", ",d"}});
}

Json line(const record::Table& table, const Json& x) {
  return {{"data", named_data("curves")},
          {"mark",
           {{"type", "line"}, {"point", {{"size", 14}, {"filled", false}}}, {"strokeWidth", 1.5}}},
          {"encoding",
           {{"x", x},
            {"y", accuracy_y("accuracy")},
            {"detail", {{"field", "architecture"}, {"type", "nominal"}}},
            {"order", {{"field", "rank"}, {"type", "quantitative"}}},
            {"color", parameters_colour(table)},
            {"tooltip", hints()}}}};
}

void add_protocol(const FamilyCompression& family, const std::string& protocol,
                  const QuantizationCurves& curves, const FigureInput& input,
                  std::vector<Figure>& figures) {
  const std::vector<std::string> formats = formats_of(curves);
  std::string note;
  const record::Table table = quantized_table(curves, protocol, formats, note);
  const auto add = [&](const char* kind, const char* title, const char* caption, const Json& x) {
    Figure figure = figure_of(kind, input, family.dataset, word_text(family.family));
    figure.id += fmt::format("-q{}", protocol_number(input.compression, protocol));
    figure.scope.quantization = protocol;
    figure.title = title;
    figure.caption = caption;
    figure.note = note;
    figure.spec = layered(Json::array({line(table, x)}), 340);
    figure.data = {{"curves", table}};
    figures.push_back(std::move(figure));
  };
  add("bits", "Accuracy against precision",
      "One line per architecture; darker lines are larger networks. Formats from the most bits per "
      "weight to the fewest: where a line falls, the bits no longer suffice.",
      channel("format", "ordinal", "number format of the weights",
              {{"sort", formats}, {"axis", {{"labelAngle", 0}, {"labelOverlap", false}}}}));
  add("total-bits", "Accuracy against total bits",
      "The same networks by weights times bits. Where one line is above another, that network is "
      "more accurate at equal total bits.",
      channel("total_bits", "quantitative", "total bits of the weights",
              {{"scale", {{"type", "log"}, {"nice", false}, {"padding", 8}}},
               {"axis", {{"format", "~s"}, {"tickCount", 5}}}}));
}

}  // namespace

void add_quantization_figures(const FigureInput& input, std::vector<Figure>& figures) {
  for (const FamilyCompression& family : input.compression.families) {
    for (const auto& [protocol, curves] : analysis::whole_curves(family.quantization)) {
      add_protocol(family, protocol, curves, input, figures);
    }
  }
}

}  // namespace minima::report
