// Reads folders of images, one folder per class. All images get the same size and number of
// channels.
#pragma once

#include <filesystem>
#include <optional>

#include "data/dataset.h"
#include "data/limits.h"
#include "data/pictures/picture.h"

namespace minima::data {

struct ImageSize {
  int height = 0;
  int width = 0;
};

/// Absent values are inferred from the images.
struct ImageFolderSettings {
  std::optional<ImageSize> size;  ///< images are resized to it; absent: all must have the same size
  std::optional<int> channels;    ///< 1 or 3; absent: 3 if any image can hold colour, else 1
  std::optional<double> test_share;  ///< see list_images; absent: kDefaultTestShare
  bool skip_bad = false;             ///< leaves out files that cannot be decoded, with a note
  Fit fit = Fit::stretch;            ///< how images become `size`; others than stretch need a size
};

/// Largest height and width of a network's input.
inline constexpr int kMaxImageSide = 1024;

/// Reads the layouts of list_images and decodes them with decode_picture. The notes say what was
/// left out, turned upright, or is the first of several frames. Throws an input error that names
/// the file; one error for all files that cannot be decoded. If sizes differ and no size is set, it
/// names two files and the setting that fixes it. The size and first bytes of an image file are
/// checked before it is read.
[[nodiscard]] Dataset read_image_folder(const std::filesystem::path& folder,
                                        const ImageFolderSettings& settings = {},
                                        DataMemory memory = DataMemory());

}  // namespace minima::data
