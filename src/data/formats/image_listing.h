// Which files an image folder holds, of which class, in which split; no image is opened.
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
  std::vector<std::string> class_names;  ///< folder names as they are, sorted by their bytes
  std::vector<LabelledFile> train;
  std::vector<LabelledFile> test;
};

inline constexpr double kDefaultTestShare = 0.2;

/// Lists FOLDER/train/<class>/*.png|jpg|jpeg and FOLDER/test/<class>/..., or FOLDER/<class>/...
/// where there is neither train nor test. Without a test folder, `test_share` of each class (at
/// least one image, not all) becomes the test split, chosen by a hash of class and file name: the
/// same on every machine, and another file more or less moves hardly any other. Within a split,
/// classes are interleaved in proportion, so that its first N images are of all classes. Hidden
/// files, other file types and deeper folders are passed over. Throws an input error for a missing
/// or empty folder, a class without images or with too few to split, a test class that is not
/// trained, and `test_share` beside a test folder.
[[nodiscard]] ImageListing list_images(const std::filesystem::path& folder,
                                       std::optional<double> test_share = std::nullopt);

}  // namespace minima::data
