#include "engine/plain/evaluation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace minima::engine::plain {
namespace {

constexpr std::size_t kImagesAtATime = 100;

// Per operation: the largest value of each unit, over the images seen.
using UnitMaxima = std::vector<Vector>;

void update_maxima(const network::Graph& graph, const Pass& pass, UnitMaxima& maxima) {
  maxima.resize(graph.ops.size());
  for (std::size_t i = 0; i < graph.ops.size(); ++i) {
    const network::Op& op = graph.ops[i];
    if (!network::traits(op.activation).can_die) continue;
    const auto units = static_cast<std::size_t>(op.units());
    maxima[i].resize(units, 0.0);
    for (const Vector& image : pass.outputs[i]) {
      for (std::size_t k = 0; k < image.size(); ++k) {
        double& largest = maxima[i][k / (image.size() / units)];
        largest = std::max(largest, image[k]);
      }
    }
  }
}

std::vector<int> dead_units(const network::Graph& graph, const UnitMaxima& maxima) {
  std::vector<int> dead(graph.layers.size(), 0);
  for (std::size_t i = 0; i < maxima.size(); ++i) {
    dead[graph.ops[i].layer] += static_cast<int>(std::ranges::count(maxima[i], 0.0));
  }
  return dead;
}

double cross_entropy(const Vector& z, std::size_t label, Vector& gradient) {
  const double largest = *std::ranges::max_element(z);
  double sum = 0.0;
  for (const double value : z) sum += std::exp(value - largest);
  for (std::size_t c = 0; c < z.size(); ++c) {
    gradient[c] = std::exp(z[c] - largest) / sum - (c == label ? 1.0 : 0.0);
  }
  return std::log(sum) + largest - z[label];
}

double squared_error(const Vector& z, std::size_t label, Vector& gradient) {
  const auto classes = static_cast<double>(z.size());
  double sum = 0.0;
  for (std::size_t c = 0; c < z.size(); ++c) {
    const double error = z[c] - (c == label ? 1.0 : 0.0);
    sum += error * error / classes;
    gradient[c] = 2.0 * error / classes;
  }
  return sum;
}

}  // namespace

ImageLoss loss_of(study::Loss loss, const Vector& logits, std::size_t label) {
  Vector z;
  for (const double value : logits) z.push_back(static_cast<float>(value));
  ImageLoss result{.gradient = Vector(z.size())};
  result.loss = loss == study::Loss::mse ? squared_error(z, label, result.gradient)
                                         : cross_entropy(z, label, result.gradient);
  result.predicted = static_cast<int>(std::ranges::max_element(z) - z.begin());
  return result;
}

Images images_of(const PreparedDataset& dataset, SplitName split, study::Scaling scaling,
                 std::span<const std::uint32_t> indices) {
  const ImageShape& shape = dataset.data().shape;
  const PixelScaling& pixels = dataset.pixels(scaling);
  const auto count = static_cast<std::size_t>(shape.pixels());
  const std::size_t plane = count / static_cast<std::size_t>(shape.channels);
  Images images;
  for (const std::uint32_t index : indices) {
    Vector& image = images.emplace_back(count);
    for (std::size_t i = 0; i < count; ++i) {
      const double byte = dataset.split(split).images[index * count + i];
      image[i] = byte * pixels.scale[i / plane] + pixels.shift[i / plane];
    }
  }
  return images;
}

std::optional<Figures> figures_of(const Evaluated& what, const PreparedDataset& dataset,
                                  SplitName split, std::span<const std::uint32_t> indices,
                                  const std::stop_token& stop) {
  Figures figures;
  UnitMaxima maxima;
  double loss = 0.0;
  double correct = 0.0;
  what.activations.set_training(false);
  for (std::size_t begin = 0; begin < indices.size(); begin += kImagesAtATime) {
    if (stop.stop_requested()) return std::nullopt;
    const auto batch = indices.subspan(begin, std::min(kImagesAtATime, indices.size() - begin));
    const Pass pass = what.network.forward(
        what.parameters, images_of(dataset, split, what.scaling, batch), what.activations);
    update_maxima(what.network.graph(), pass, maxima);
    for (std::size_t b = 0; b < batch.size(); ++b) {
      const Vector& logits = pass.outputs.back()[b];
      const std::uint16_t label = dataset.split(split).labels[batch[b]];
      const ImageLoss image = loss_of(what.loss, logits, label);
      loss += image.loss;
      correct += image.predicted == label ? 1.0 : 0.0;
      figures.evaluation.predictions.push_back(image.predicted);
      for (const double logit : logits) {
        figures.evaluation.logits.push_back(static_cast<float>(logit));
      }
    }
  }
  const auto count = static_cast<double>(std::max<std::size_t>(indices.size(), 1));
  figures.evaluation.loss = loss / count;
  figures.evaluation.accuracy = correct / count;
  figures.evaluation.ranges = what.activations.ranges();
  figures.dead_units = dead_units(what.network.graph(), maxima);
  return figures;
}

std::optional<Figures> figures_of(const Evaluated& what, const PreparedDataset& dataset,
                                  SplitName split, const std::stop_token& stop) {
  std::vector<std::uint32_t> all(dataset.split(split).count());
  std::iota(all.begin(), all.end(), 0U);
  return figures_of(what, dataset, split, all, stop);
}

}  // namespace minima::engine::plain
