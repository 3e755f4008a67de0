// Reads folders of PNG and JPEG images, one folder per class. All images get the same size and
// number of channels.
#pragma once

#include <filesystem>
#include <optional>

#include "data/dataset.h"
#include "data/formats/limits.h"

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
};

/// Largest height and width of a network's input.
inline constexpr int kMaxImageSide = 1024;

/// Reads the layouts of list_images and decodes them with decode_picture. Throws an input error
/// that names the file. If sizes differ and no size is set, it names two files and the setting that
/// fixes it. The size and first bytes of an image file are checked before it is read.
[[nodiscard]] Dataset read_image_folder(const std::filesystem::path& folder,
                                        const ImageFolderSettings& settings = {},
                                        DataMemory memory = DataMemory());

}  // namespace minima::data
