// Series: one template of architectures with one free knob.
//
// The number of parameters that a task needs is a property of one template of variable size, such
// as "two equal hidden layers". Networks of one family that differ in more than their size do not
// lie on one curve. So the smallest sufficient size, the regimes, the reliability and the error
// curve are defined per series.
//
// The template depends on the architecture text only:
//
//   family   fixed                                             knob
//   dnn      number of layers; smaller, equal or larger        width
//   cnn      number of layers; smaller, equal or larger;       filters
//            kernel, stride, padding, pooling, head
//   vit      heads, blocks, patch, MLP ratio, options          d_model
//   vit paper  everything but the heads                        heads
//
// If a knob yields only one size for a template, the next knob is tried: the number of layers of
// equal width; for a vision transformer the number of blocks, then of heads.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/population/population.h"

namespace minima::analysis {

struct Series {
  std::size_t dataset = 0;  ///< index into Population::datasets
  network::Family family = network::Family::dnn;
  std::string name;               ///< "dnn, 2 equal layers"; unique within a dataset
  std::string knob;               ///< "width", "filters", "d_model", ...; empty: none
  std::vector<std::size_t> runs;  ///< indices into Population::runs, ascending

  [[nodiscard]] Selection selection() const;
};

/// The series of recorded runs, sorted by dataset in the order of the store, by family
/// alphabetically, then by number of layers or blocks, by pattern and by name. An architecture that
/// cannot be parsed forms its own series.
[[nodiscard]] std::vector<Series> series_of(const Population& population);

}  // namespace minima::analysis
