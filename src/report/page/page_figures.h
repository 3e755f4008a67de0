// The places of figures on the page. A place holds the figures of one kind; the page shows the one
// for the dataset, family and protocol that the reader selects.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "report/figures/figure.h"

namespace minima::report {

class PageFigures {
 public:
  explicit PageFigures(std::vector<Figure> figures);

  [[nodiscard]] bool has(const std::string& kind) const { return kinds_.contains(kind); }
  /// Title of a kind that has figures.
  [[nodiscard]] const std::string& title(const std::string& kind) const {
    return kinds_.at(kind).front().title;
  }
  /// HTML of a place; empty if no figure of this kind has data.
  [[nodiscard]] std::string html(const std::string& kind) const;

 private:
  std::map<std::string, std::vector<Figure>> kinds_;
};

/// Attributes for an element that is shown only where its scope is selected; with a space before
/// each.
[[nodiscard]] std::string scope_html(const FigureScope& scope);

/// Anchor of a place.
[[nodiscard]] std::string place_id(const std::string& kind);

}  // namespace minima::report
