#include "data/source/adapt.h"

#include <fmt/format.h>

#include <utility>

#include "core/error.h"

namespace minima::data {
namespace {

void adapt(Split& split, const ImageShape& from, const ImageShape& to, Fit fit) {
  const auto size = static_cast<std::ptrdiff_t>(from.pixels());
  std::vector<std::uint8_t> images;
  images.reserve(split.count() * static_cast<std::size_t>(to.pixels()));
  for (std::size_t i = 0; i < split.count(); ++i) {
    const auto begin = split.images.begin() + static_cast<std::ptrdiff_t>(i) * size;
    Picture picture{.shape = from, .pixels = {begin, begin + size}};
    picture = fitted(with_channels(std::move(picture), to.channels), to.height, to.width, fit);
    images.insert(images.end(), picture.pixels.begin(), picture.pixels.end());
  }
  split.images = std::move(images);
}

}  // namespace

ImageShape Adaptation::applied_to(const ImageShape& shape) const {
  return {channels.value_or(shape.channels), height.value_or(shape.height),
          width.value_or(shape.width)};
}

void adapt(Dataset& dataset, const Adaptation& adaptation, DataMemory memory) {
  if (adaptation.fit != Fit::stretch && !adaptation.height) {
    throw input_error({dataset.origin, ""}, fmt::format("fit={} needs a size", adaptation.fit),
                      "add one, such as size=28x28, or leave fit out");
  }
  const ImageShape shape = adaptation.applied_to(dataset.shape);
  if (shape == dataset.shape) return;
  const std::uint64_t each = static_cast<std::uint64_t>(shape.pixels()) + sizeof(std::uint16_t);
  for (Split* split : {&dataset.train, &dataset.validation, &dataset.test}) {
    memory.take(split->count() * each, dataset.origin);
  }
  for (Split* split : {&dataset.train, &dataset.validation, &dataset.test}) {
    adapt(*split, dataset.shape, shape, adaptation.fit);
  }
  dataset.shape = shape;
}

}  // namespace minima::data
