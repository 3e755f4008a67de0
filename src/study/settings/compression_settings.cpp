#include "study/settings/compression_settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace minima::study {
namespace {

using Pruning = PruningProtocol;
using Quantization = QuantizationProtocol;

std::string text_of(const Clipping& clipping) {
  if (clipping.rule != Clipping::Rule::percentile) return std::string(word_of(clipping.rule));
  return fmt::format("{}={}", clipping.rule, shortest(clipping.percentile));
}

std::string joined(const std::vector<double>& numbers) {
  std::string text;
  for (const double number : numbers) text += (text.empty() ? "" : ",") + shortest(number);
  return text;
}

std::string kept(const std::vector<std::string>& names) {
  return names.empty() ? "" : fmt::format(" keep={}", fmt::join(names, ","));
}

std::string training_text(int epochs, const std::optional<double>& learning_rate) {
  std::string text = fmt::format(" epochs={}", epochs);
  if (learning_rate) text += " learning_rate=" + shortest(*learning_rate);
  return text;
}

}  // namespace

std::vector<double> PruningProtocol::steps() const {
  if (schedule == Schedule::one_shot || schedule == Schedule::listed) {
    std::vector<double> sorted = sparsity;
    std::ranges::sort(sorted);
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    return sorted;
  }
  const double last = *std::ranges::max_element(sparsity);
  std::vector<double> steps;
  for (int round = 1; round <= rounds; ++round) {
    const double share = static_cast<double>(round) / rounds;
    steps.push_back(schedule == Schedule::linear ? last * share
                                                 : 1.0 - std::pow(1.0 - last, share));
  }
  steps.back() = last;
  return steps;
}

std::string PruningProtocol::text() const {
  std::string text(word_of(schedule));
  if (schedule == Schedule::listed) text += "=" + joined(steps());
  if (schedule == Schedule::geometric || schedule == Schedule::linear) {
    text += fmt::format(" to={} rounds={}", shortest(*std::ranges::max_element(sparsity)), rounds);
  }
  text += target == Target::units ? fmt::format(" {}", target) : fmt::format(" {}", scope);
  text += fmt::format(" {}", criterion);
  if (epochs > 0) text += training_text(epochs, learning_rate);
  if (rewind) text += fmt::format(" rewind={}", *rewind);
  if (biases) text += " biases";
  return text + kept(keep);
}

QuantizationProtocol::QuantizationProtocol() {
  for (const FormatInfo& each : number_formats()) formats.push_back(each.format);
}

std::optional<NumberFormat> QuantizationProtocol::activations_beside(NumberFormat format) const {
  if (activations.kind == Activations::Kind::none) return std::nullopt;
  if (activations.kind == Activations::Kind::format) return activations.format;
  const FormatKind kind = info(format).kind;
  if (kind == FormatKind::ternary || kind == FormatKind::binary) return std::nullopt;
  return format;
}

QuantizerSettings QuantizationProtocol::quantizer(NumberFormat format) const {
  return QuantizerSettings{
      .format = format, .granularity = granularity, .scheme = scheme, .clipping = clipping}
      .canonical();
}

Clipping QuantizationProtocol::clipping_of_activations(NumberFormat format) const {
  return activation_clipping.resolved(info(format).bits);
}

std::string QuantizationProtocol::text() const {
  std::string text(word_of(method));
  if (scope == Scope::one_layer) text += fmt::format(" {}", scope);
  text += fmt::format(" {} {} {}", granularity, scheme, text_of(clipping));
  if (activations.kind != Activations::Kind::none) {
    const bool same = activations.kind == Activations::Kind::same;
    text += fmt::format(" activations={} images={}", same ? "same" : info(activations.format).name,
                        calibration_images);
    // `max` is omitted because it was the default when the first stores were written.
    if (activation_clipping.rule != Clipping::Rule::max) text += " " + text_of(activation_clipping);
  }
  if (method == Method::qat) text += training_text(epochs, learning_rate);
  return text + kept(keep);
}

}  // namespace minima::study
