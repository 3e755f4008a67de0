// The test images that a run classifies wrongly, as a contact sheet.
#pragma once

#include <string>
#include <vector>

#include "analysis/images/misclassified.h"
#include "data/dataset.h"

namespace minima::app {

/// Which run, and how many of its images to show.
struct ErrorsArguments {
  std::string store;
  std::string run;      ///< id, prefix of an id, or "best"
  std::string dataset;  ///< of the run; empty: any
  std::string data_dir;
  std::size_t most = 96;
};

/// The contact sheet, and what it shows.
struct ErrorsSheet {
  std::string png;
  std::string text;  ///< readable lines: the run, and one line for each image
};

/// Shows the images in the order of their true class, as evenly over the classes as possible. Input
/// errors: as find_run and load_dataset; the store has no predictions of the run.
[[nodiscard]] ErrorsSheet errors_sheet(const ErrorsArguments& arguments);

}  // namespace minima::app
