#pragma once

#include <iterator>
#include <stdexcept>
#include <utility>

namespace minima {

/// Returns the collection. Throws std::logic_error if it is empty, because a loop over it would
/// check nothing and its test could not fail.
template <class Collection>
Collection not_empty(Collection&& collection) {
  if (std::empty(collection)) throw std::logic_error("a loop over nothing checks nothing");
  return std::forward<Collection>(collection);
}

}  // namespace minima
