// The parts of inspect(). Each returns its notes.
#pragma once

#include <string>
#include <vector>

#include "data/dataset.h"

namespace minima::data {

using Notes = std::vector<std::string>;

/// Images without content, and grey stored as colour.
[[nodiscard]] Notes pixel_notes(const Dataset& dataset);

/// The same picture several times.
[[nodiscard]] Notes duplicate_notes(const Dataset& dataset);

/// Sizes and names of the classes.
[[nodiscard]] Notes class_notes(const Dataset& dataset);

/// The splits that have images, in the order training, validation, test.
struct NamedSplit {
  const char* name;  ///< "training", as in "training images"
  const Split* split;
};
[[nodiscard]] std::vector<NamedSplit> filled_splits(const Dataset& dataset);

/// Below this fraction of the images of a split, a fault of single images is not worth a note. It
/// moves a measured accuracy by less than 0.1 points, a third of the standard error that 10,000
/// test images leave to an accuracy of 90 %. MNIST, Fashion-MNIST and CIFAR-10 have no picture
/// twice and no blank one; scraped sets have a few. In a split of up to 1,000 images, a single
/// image counts.
inline constexpr double kRareFraction = 0.001;

/// Whether `count` of `all` images deserve a note: at least one, and not fewer than rare.
[[nodiscard]] bool is_notable(std::size_t count, std::size_t all);

/// "12 of 60,000", "all 60,000".
[[nodiscard]] std::string part_text(std::size_t count, std::size_t all);

/// "cat", "dog" and 3 more; names are quoted and made printable.
[[nodiscard]] std::string names_text(const std::vector<std::string>& names);

}  // namespace minima::data
