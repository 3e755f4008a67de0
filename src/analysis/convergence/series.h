// Series: one template of architectures with one free knob.
//
// The number of parameters that a task needs is a property of one template whose size is turned up
// and down, such as "two equal hidden layers". Networks of one family that differ in more than
// their size do not lie on one curve, so the smallest sufficient size, the regimes, the reliability
// and the error curve are those of a series.
//
// The template is read from the architecture text alone:
//
//   family   fixed                                             knob
//   dnn      number of layers; smaller, equal or larger        width
//   cnn      number of layers; smaller, equal or larger;       filters
//            kernel, stride, padding, pooling, head
//   vit      heads, blocks, patch, MLP ratio, options          d_model
//   vit paper  everything but the heads                        heads
//
// Where a knob leaves a template with one size, the next knob is tried: the number of layers of
// equal width; the blocks, then the heads of a vision transformer.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/population/population.h"

namespace minima::analysis {

struct Series {
  std::size_t dataset = 0;  ///< index into Population::datasets
  std::string family;
  std::string name;               ///< "dnn, 2 equal layers"; unique within a dataset
  std::string knob;               ///< "width", "filters", "d_model", ...; empty: none
  std::vector<std::size_t> runs;  ///< indices into Population::runs, ascending

  [[nodiscard]] Selection selection() const;
};

/// The series of recorded runs, by dataset in the order of the store, by family in alphabetical
/// order, then by the number of layers or blocks, by pattern and by name. An architecture whose
/// text cannot be read is a series of its own.
[[nodiscard]] std::vector<Series> series_of(const Population& population);

}  // namespace minima::analysis
