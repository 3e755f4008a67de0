#include "analysis/compression/quantization.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <set>
#include <utility>

#include "core/numbers/tolerance.h"
#include "record/variant.h"

namespace minima::analysis {
namespace {

// From the most bits to the fewest, then by name.
using FormatKey = std::pair<int, study::ValueFormat>;

FormatKey key_of(int bits, study::ValueFormat format) {
  return {-bits, format};
}

struct FormatMoments {
  std::set<std::string> activations;
  std::set<std::string> arithmetic;
  Moments accuracy;
  Moments loss;
  Moments skill_loss;  // over the stable runs
  Moments total_bits;
  Moments bytes;
};

FormatPoint point_of(const FormatKey& key, const FormatMoments& moments, double confidence) {
  return {.format = key.second,
          .bits = -key.first,
          .activations = fmt::format("{}", fmt::join(moments.activations, "; ")),
          .arithmetic = fmt::format("{}", fmt::join(moments.arithmetic, "; ")),
          .accuracy = summary_of(moments.accuracy),
          .loss = estimate_of(moments.loss, confidence),
          .skill_loss = moments.skill_loss.count() > 0 ? std::optional(moments.skill_loss.mean())
                                                       : std::nullopt,
          .total_bits = moments.total_bits.mean(),
          .packed_bytes = moments.bytes.mean()};
}

// `loss_of` returns the loss that must be within the tolerance, or nullopt.
template <typename LossOf>
std::optional<std::size_t> smallest_of(const std::vector<FormatPoint>& points, double tolerance,
                                       const LossOf& loss_of) {
  std::optional<std::size_t> smallest;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::optional<double> loss = loss_of(points[i]);
    if (!loss || *loss > tolerance + kRounding) continue;
    const bool is_tied = smallest && points[*smallest].bits == points[i].bits;
    if (!is_tied || *loss < *loss_of(points[*smallest])) smallest = i;
  }
  return smallest;
}

QuantizationCurve quantization_curve_of(const CurveKey& key, const std::vector<CompressedRun>& runs,
                                        const CompressedFamily& family,
                                        const study::AnalysisSettings& settings) {
  Moments dense;
  std::map<FormatKey, FormatMoments> points;
  std::int64_t stable = 0;
  for (const auto& [run, variants] : runs) {
    const bool is_stable = family.stable.contains(run);
    stable += is_stable ? 1 : 0;
    dense.add(run->result.test_accuracy);
    for (const record::Variant* variant : variants) {
      FormatMoments& point = points[key_of(variant->bits, variant->format)];
      const double accuracy = family.accuracy_of(*variant);
      point.activations.insert(variant->activations.text());
      point.arithmetic.insert(word_text(variant->arithmetic));
      point.accuracy.add(accuracy);
      point.loss.add(run->result.test_accuracy - accuracy);
      if (is_stable) point.skill_loss.add(family.skill_loss(*run, *variant));
      point.total_bits.add(static_cast<double>(variant->bits) *
                           static_cast<double>(variant->weights));
      point.bytes.add(static_cast<double>(variant->bytes.packed));
    }
  }
  QuantizationCurve curve{.architecture = key.architecture,
                          .parameters = key.parameters,
                          .protocol = key.protocol,
                          .tensor = key.tensor,
                          .runs = dense.count(),
                          .stable_runs = stable,
                          .dense_accuracy = dense.mean(),
                          .points = {},
                          .smallest = {},
                          .surely_smallest = {}};
  for (const auto& [format, moments] : points) {
    curve.points.push_back(point_of(format, moments, settings.confidence));
  }
  curve.smallest = smallest_of(curve.points, settings.compression_tolerance,
                               [](const auto& point) { return std::optional(point.loss.mean); });
  curve.surely_smallest = smallest_of(curve.points, settings.compression_tolerance,
                                      [](const auto& point) { return point.loss.high; });
  return curve;
}

}  // namespace

std::vector<QuantizationCurve> quantization_curves(const CompressedFamily& family,
                                                   const study::AnalysisSettings& settings) {
  std::vector<QuantizationCurve> curves;
  for (const auto& [key, runs] : runs_of_quantization_curves(family)) {
    curves.push_back(quantization_curve_of(key, runs, family, settings));
  }
  return curves;
}

std::vector<SizeEffect> size_effects(const std::vector<QuantizationCurve>& curves,
                                     const CompressedFamily& family,
                                     const study::AnalysisSettings& settings) {
  std::map<std::pair<std::string, FormatKey>, std::vector<RankedPair>> formats;
  for (const QuantizationCurve& curve : curves) {
    if (!curve.tensor.empty()) continue;
    for (const FormatPoint& point : curve.points) {
      if (!point.skill_loss) continue;
      formats[{curve.protocol, key_of(point.bits, point.format)}].push_back(
          {.x = static_cast<double>(curve.parameters), .y = *point.skill_loss});
    }
  }
  std::vector<SizeEffect> effects;
  for (const auto& [key, pairs] : formats) {
    const auto& [protocol, format] = key;
    const std::string subject = fmt::format("loss of skill against parameters: {}, {}, {}, {}",
                                            family.dataset, family.family, protocol, format.second);
    const auto correlation = rank_correlation(
        pairs, settings.permutations,
        RandomStream(settings.seed, subject_of(subject), Purpose::bootstrap), settings.confidence);
    if (!correlation) continue;
    Moments losses;
    for (const RankedPair& pair : pairs) losses.add(pair.y);
    effects.push_back({.protocol = protocol,
                       .format = format.second,
                       .bits = -format.first,
                       .loss = losses.mean(),
                       .correlation = *correlation});
  }
  return effects;
}

}  // namespace minima::analysis
