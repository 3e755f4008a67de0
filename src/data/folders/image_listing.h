// Lists the files of an image folder with their class and split, without opening any image.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace minima::data {

struct LabelledFile {
  std::filesystem::path path;
  std::uint16_t label = 0;
};

struct ImageListing {
  std::vector<std::string> class_names;  ///< unchanged folder names, sorted bytewise
  std::vector<LabelledFile> train;
  std::vector<LabelledFile> validation;  ///< empty unless there are folders for all three splits
  std::vector<LabelledFile> test;
  std::vector<std::string> notes;  ///< what was left out; sentences for Dataset::notes
};

inline constexpr double kDefaultTestShare = 0.2;

/// Lists the images (has_picture_name) of FOLDER/train/<class>/, FOLDER/test/<class>/ and
/// FOLDER/val/<class>/, or of FOLDER/<class>/ if there is neither train nor test. The splits may be
/// called training, testing, valid and validation, in any capitalization. Without a test folder,
/// val is the test split, with a note. Without both, the fraction `test_share` of each class (at
/// least one image, not all) becomes the test split. A hash of class and file name selects it, so
/// that it is the same on every machine and adding or removing a file moves hardly any other.
/// Within a split, classes are interleaved in proportion, so that its first N images cover all
/// classes. Whatever else the folder holds is counted in the notes, except what systems make by
/// themselves (is_system_name). Throws an input error for a missing or empty folder, a class
/// without images or with too few to split, images only below the class folders, a test class
/// without training images, and `test_share` together with a folder for the test images.
[[nodiscard]] ImageListing list_images(const std::filesystem::path& folder,
                                       std::optional<double> test_share = std::nullopt);

}  // namespace minima::data
