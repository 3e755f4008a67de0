// Writes a preview of a data set: one PNG with a few images of each class.
#pragma once

#include <filesystem>

#include "data/dataset.h"

namespace minima::data {

struct ContactSheetOptions {
  int columns = 12;         ///< images per class
  int most_classes = 20;    ///< rows; the first classes are shown
  int gap = 2;              ///< pixels between images, after enlarging
  int scale = 0;            ///< every pixel becomes scale x scale; 0: 2 for images below 64 pixels
  bool test_split = false;  ///< show the test split, not the training split
};

/// Writes a contact sheet atomically. Row r shows the first images of class r in order; if there
/// are too few, the rest of the row is empty. One channel gives a grey PNG, three channels a colour
/// PNG (red, green, blue). Throws an input error if the data set has no images, has another number
/// of channels, or the file cannot be written.
void write_contact_sheet(const Dataset& dataset, const std::filesystem::path& png,
                         const ContactSheetOptions& options = {});

}  // namespace minima::data
