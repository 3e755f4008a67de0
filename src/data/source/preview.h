// Pictures of a dataset as PNG: a few images of each class, or chosen test images with captions.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

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

/// A test image with two lines below it.
struct CaptionedImage {
  std::size_t image = 0;  ///< index in the test split
  std::string first;
  std::string second;
};

/// The bytes of a PNG with the images in rows of eight, small ones enlarged. A caption that is too
/// long is cut, and characters outside ASCII become "?". Throws an input error if the dataset has
/// no test images or another number of channels than 1 or 3.
[[nodiscard]] std::string captioned_sheet(const Dataset& dataset,
                                          std::span<const CaptionedImage> images);

/// The bytes of a PNG with one test image in its own size. Errors as above.
[[nodiscard]] std::string image_png(const Dataset& dataset, std::size_t image);

}  // namespace minima::data
