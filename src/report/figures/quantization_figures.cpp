// The cost of fewer bits.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/compression/whole_curves.h"
#include "record/analysis.h"
#include "report/figures/parts.h"

namespace minima::report {
namespace {

using analysis::FamilyCompression;
using analysis::QuantizationCurve;

constexpr const char* kQuantizationSection = "Quantization";
constexpr std::size_t kMostQuantizationCurves = 40;  // per protocol

struct Drawn {
  record::Table table{{"panel", "quantization", "rank", "architecture", "parameters", "format",
                       "bits", "total_bits", "accuracy", "error", "loss", "runs"},
                      {}};
  std::vector<std::string> formats;  // from the most bits to the fewest
  std::string note;
};

/// The formats of all curves, ordered by bits.
std::vector<std::string> formats_of(const FamilyCompression& family) {
  std::vector<std::pair<int, study::ValueFormat>> formats;
  for (const QuantizationCurve& curve : family.quantization) {
    for (const auto& point : curve.points) formats.emplace_back(-point.bits, point.format);
  }
  std::ranges::sort(formats);
  std::vector<std::string> names{std::string(study::kFloat32)};
  for (const auto& [bits, format] : formats) {
    if (std::ranges::find(names, format.name()) == names.end()) names.push_back(format.text());
  }
  return names;
}

Drawn drawn_of(const FamilyCompression& family, const AccuracyAxis& axis) {
  Drawn drawn;
  drawn.formats = formats_of(family);
  std::size_t all = 0;
  std::size_t few = 0;
  for (const auto& [protocol, curves] : analysis::whole_curves(family.quantization)) {
    all += curves.size();
    for (const std::size_t i : scatter(curves.size(), kMostQuantizationCurves)) {
      const QuantizationCurve& curve = *curves[i];
      ++few;
      const auto rank_of = [&](std::string_view format) {
        const auto at = std::ranges::find(drawn.formats, format);
        return static_cast<std::int64_t>(at - drawn.formats.begin());
      };
      const auto add = [&, &protocol = protocol](study::ValueFormat format, int bits, double total,
                                                 double accuracy, double loss) {
        drawn.table.rows.push_back({panel_title(protocol), protocol, rank_of(format.name()),
                                    curve.architecture, curve.parameters, format.text(),
                                    static_cast<std::int64_t>(bits), total, accuracy,
                                    axis.error(accuracy), loss, curve.runs});
      };
      add({}, 32, 32.0 * static_cast<double>(curve.parameters), curve.dense_accuracy, 0.0);
      for (const auto& point : curve.points) {
        add(point.format, point.bits, point.total_bits, point.accuracy.mean, point.loss.mean);
      }
    }
  }
  drawn.note = selection_note(few, all, "curve");
  return drawn;
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

Json lines(const FigureInput& input, const Json& x, const AccuracyAxis& axis) {
  return Json::array(
      {{{"mark",
         {{"type", "line"}, {"point", {{"size", 14}, {"filled", false}}}, {"strokeWidth", 1.5}}},
        {"encoding",
         {{"x", x},
          {"y", axis.y("error")},
          {"detail", {{"field", "architecture"}, {"type", "nominal"}}},
          {"order", {{"field", "rank"}, {"type", "quantitative"}}},
          {"color", parameters_colour(input.population)},
          {"tooltip", hints()}}}}});
}

void add_family(const FamilyCompression& family, const FigureInput& input, const AccuracyAxis& axis,
                std::vector<Figure>& figures) {
  Drawn drawn = drawn_of(family, axis);
  if (drawn.table.rows.empty()) return;
  const std::string id = fmt::format("{}-{}", dataset_id(input, family.dataset), family.family);
  const std::string place = family.dataset + ", " + word_text(family.family);
  const Json formats =
      channel("format", "ordinal", "number format of the weights",
              {{"sort", drawn.formats}, {"axis", {{"labelAngle", -45}, {"labelOverlap", false}}}});
  const Json total = channel("total_bits", "quantitative", "total bits of the weights",
                             {{"scale", {{"type", "log"}, {"nice", false}, {"padding", 8}}},
                              {"axis", {{"format", "~s"}, {"tickCount", 5}}}});
  const auto add = [&](const char* name, const char* title, const std::string& caption,
                       const Json& x) {
    figures.push_back({.id = name + id,
                       .section = kQuantizationSection,
                       .title = title + place,
                       .caption = caption + drawn.note,
                       .spec = faceted("curves", "panel", "", lines(input, x, axis), 240, 300),
                       .data = {{"curves", drawn.table}}});
  };
  add("bits-", "Accuracy against precision: ",
      "Mean test accuracy by number format, from the most bits per weight to the fewest. One "
      "panel per protocol, one line per architecture; darker lines are larger networks.",
      formats);
  add("total-bits-", "Accuracy against total bits: ",
      "The same networks by total bits: number of weights times bits per weight. Where one line is "
      "above another, that network is more accurate at equal total bits.",
      total);
}

}  // namespace

void add_quantization_figures(const FigureInput& input, const AccuracyAxis& axis,
                              std::vector<Figure>& figures) {
  for (const FamilyCompression& family : input.compression.families) {
    add_family(family, input, axis, figures);
  }
}

}  // namespace minima::report
