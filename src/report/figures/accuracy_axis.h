// Axes and colours of accuracies. Tables hold true accuracies; positions are computed when a figure
// is drawn, so a CSV file never contains a value that was moved to fit an axis.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "report/figures/figure.h"

namespace minima::report {

/// The y channel of an accuracy in column `column` (as a fraction). fit_accuracy_axis() completes
/// it.
[[nodiscard]] Json accuracy_y(const std::string& column,
                              const std::string& title = "test accuracy");

/// Gives every accuracy_y() of a figure one scale that fits the values of the figure itself. The
/// scale is linear, or logarithmic in the error where it separates the best networks: if the
/// largest error is at least eight times the smallest. `images`: number of test images, which
/// limits how small an error can be. A run without an accuracy (column "accuracy") is drawn at the
/// lower end.
void fit_accuracy_axis(Figure& figure, std::int64_t images);

/// Colour of column "accuracy" by fifths of the given accuracies, worst to best, so that it
/// separates them however close they are. Values that are not finite are left out; runs without an
/// accuracy are grey. fit_accuracy_axis() completes it.
[[nodiscard]] Json accuracy_colour(std::span<const double> accuracies);

/// The fifth of each accuracy among the others: "worst fifth" to "best fifth"; "no accuracy" if it
/// is not finite. Equal accuracies are in the same fifth.
[[nodiscard]] std::vector<std::string> fifths_of(std::span<const double> accuracies);

/// Colour of column "fifth" as fifths_of() names it. `among`: what the accuracies belong to, such
/// as "panel".
[[nodiscard]] Json fifth_colour(const std::string& among);

/// The accuracies in column "accuracy" of a table.
[[nodiscard]] std::vector<double> accuracies_in(const record::Table& table);

}  // namespace minima::report
