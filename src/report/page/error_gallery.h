// The misclassified test images of a dataset, for the page.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace minima::report {

struct GalleryImage {
  std::string png;         ///< bytes of a PNG file
  std::string label;       ///< name of the true class
  std::string predicted;   ///< name of the most frequent wrong class
  std::int64_t wrong = 0;  ///< runs that misclassify it
  std::string file;        ///< empty: the image is not a file of its own
};

/// The test images that most runs of one architecture get wrong.
struct ErrorGallery {
  std::string dataset;
  std::string architecture;
  std::int64_t runs = 0;
  std::int64_t images = 0;         ///< test images
  std::int64_t misclassified = 0;  ///< by at least one run
  std::vector<GalleryImage> shown = {};
  std::string missing = {};  ///< why no image is shown; empty: the images are here
};

}  // namespace minima::report
