// Compares two stores, and writes the page.
#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "analysis/comparison/comparison.h"
#include "app/resources.h"
#include "report/screens/comparison_text.h"

namespace minima::app {

struct ComparedStores {
  std::array<analysis::Headline, 2> headlines;
  analysis::Comparison comparison;

  [[nodiscard]] report::ComparisonInput input(const report::ComparisonPlaces& places) const {
    return {comparison, {&headlines[0], &headlines[1]}, places};
  }
};

/// Reads both stores without changing them. Input errors: a store is missing or not a store; its
/// analyses exceed the memory limit; both names are the same store.
[[nodiscard]] ComparedStores compared_stores(const std::array<std::string, 2>& stores,
                                             const Resources& resources);

/// "embedded-and-mnist.html" in the current folder. Throws an input error if that file exists and
/// is not a page of minima: a file of the user must not be lost.
[[nodiscard]] std::string default_comparison_page(const std::array<std::string, 2>& stores);

/// Writes the page completely or not at all.
void write_comparison_page(const std::string& file, const report::ComparisonInput& input);

}  // namespace minima::app
