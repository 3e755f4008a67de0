// Folders of PNG and JPEG images, one folder per class, brought to one size and number of channels.
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

/// Absent: told by the images.
struct ImageFolderSettings {
  std::optional<ImageSize> size;     ///< images are resized to it; absent: all must be of one size
  std::optional<int> channels;       ///< 1 or 3; absent: 3 when any image can hold colour, else 1
  std::optional<double> test_share;  ///< see list_images; absent: kDefaultTestShare
};

/// Largest height and width of a network's input.
inline constexpr int kMaxImageSide = 1024;

/// Reads the layouts of list_images, decoded as decode_picture says. Throws an input error that
/// names the file; when sizes differ and none is set, it names two files and the setting that mends
/// it. An image file is measured, and its first bytes looked at, before it is read.
[[nodiscard]] Dataset read_image_folder(const std::filesystem::path& folder,
                                        const ImageFolderSettings& settings = {},
                                        DataMemory memory = DataMemory());

/// Shape and number of classes from the images' headers alone.
[[nodiscard]] Problem image_folder_problem(const std::filesystem::path& folder,
                                           const ImageFolderSettings& settings = {});

}  // namespace minima::data
