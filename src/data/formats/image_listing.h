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
  std::vector<LabelledFile> test;
};

inline constexpr double kDefaultTestShare = 0.2;

/// Lists FOLDER/train/<class>/*.png|jpg|jpeg and FOLDER/test/<class>/..., or FOLDER/<class>/... if
/// there is neither train nor test. Without a test folder, the fraction `test_share` of each class
/// (at least one image, not all) becomes the test split. A hash of class and file name selects it,
/// so that it is the same on every machine and adding or removing a file moves hardly any other.
/// Within a split, classes are interleaved in proportion, so that its first N images cover all
/// classes. Hidden files, other file types and deeper folders are ignored. Throws an input error
/// for a missing or empty folder, a class without images or with too few to split, a test class
/// without training images, and `test_share` together with a test folder.
[[nodiscard]] ImageListing list_images(const std::filesystem::path& folder,
                                       std::optional<double> test_share = std::nullopt);

}  // namespace minima::data
