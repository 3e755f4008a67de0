// A look at a data set: one PNG with a few images of each class.
#pragma once

#include <filesystem>

#include "data/dataset.h"

namespace minima::data {

struct ContactSheetOptions {
  int columns = 12;         ///< images per class
  int most_classes = 20;    ///< rows; the first classes are shown
  int gap = 2;              ///< pixels between images, after enlarging
  int scale = 0;            ///< every pixel becomes scale x scale; 0: 2 for images below 64 pixels
  bool test_split = false;  ///< from the test split, not the training split
};

/// Writes a contact sheet, whole or not at all: row r shows the first images of class r, in their
/// order; a class with fewer images leaves the rest of its row empty. One channel gives a grey PNG,
/// three give colour (red, green, blue).
/// Throws an input error when the data set has no images, another number of channels, or the file
/// cannot be written.
void write_contact_sheet(const Dataset& dataset, const std::filesystem::path& png,
                         const ContactSheetOptions& options = {});

}  // namespace minima::data
