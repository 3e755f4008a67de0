#include "data/formats/image_folder.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "data/formats/image_listing.h"
#include "data/formats/picture.h"
#include "data/formats/vanished_images.h"

namespace minima::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSizeMend = "set one size for all, such as size=28x28";

Error sizes_differ(const LabelledFile& a, const ImageShape& shape_a, const LabelledFile& b,
                   const ImageShape& shape_b) {
  return input_error(
      {b.path.string(), ""},
      fmt::format("is {}x{} pixels (height x width) but {} is {}x{}", shape_b.height, shape_b.width,
                  printable(a.path.string(), 300), shape_a.height, shape_a.width),
      kSizeMend);
}

void check_side(const LabelledFile& file, const ImageShape& shape) {
  if (shape.height <= kMaxImageSide && shape.width <= kMaxImageSide) return;
  throw input_error({file.path.string(), ""},
                    fmt::format("is {}x{} pixels (height x width), more than {} a side",
                                shape.height, shape.width, kMaxImageSide),
                    kSizeMend);
}

/// Reads only headers, and only as many as needed.
class ShapeFinder {
 public:
  explicit ShapeFinder(const ImageFolderSettings& settings) : settings_(settings) {}

  void look_at(const std::vector<LabelledFile>& files) {
    for (const LabelledFile& file : files) {
      if (settings_.size && (settings_.channels || channels_ == 3)) return;
      look_at(file);
    }
  }

  [[nodiscard]] ImageShape shape() const {
    return {settings_.channels.value_or(channels_),
            settings_.size ? settings_.size->height : first_shape_.height,
            settings_.size ? settings_.size->width : first_shape_.width};
  }

 private:
  void look_at(const LabelledFile& file) {
    const ImageShape shape = probe_picture(read_picture(file.path), file.path);
    channels_ = std::max(channels_, shape.channels);
    if (settings_.size) return;
    if (first_ == nullptr) {
      check_side(file, shape);
      first_ = &file;
      first_shape_ = shape;
    } else if (shape.height != first_shape_.height || shape.width != first_shape_.width) {
      throw sizes_differ(*first_, first_shape_, file, shape);
    }
  }

  ImageFolderSettings settings_;
  const LabelledFile* first_ = nullptr;  // the file that determined the size
  ImageShape first_shape_;
  int channels_ = 1;
};

ImageShape common_shape(const ImageListing& listing, const ImageFolderSettings& settings) {
  ShapeFinder finder(settings);
  finder.look_at(listing.train);
  finder.look_at(listing.test);
  return finder.shape();
}

/// Checks the temporary memory for decoding an image: its samples and its pixels by channel.
void check_decoding(const ImageShape& image, const fs::path& file, DataMemory memory) {
  constexpr std::uint64_t kBytesPerPixel = 7;
  memory.take(kBytesPerPixel * static_cast<std::uint64_t>(image.height) *
                  static_cast<std::uint64_t>(image.width),
              file);
}

Split read_split(const std::vector<LabelledFile>& files, const ImageShape& shape,
                 const fs::path& folder, DataMemory& memory, VanishedImages& vanished) {
  Split split;
  memory.take(files.size() * (static_cast<std::uint64_t>(shape.pixels()) + 2), folder);
  split.labels.reserve(files.size());
  split.images.reserve(files.size() * static_cast<std::size_t>(shape.pixels()));
  for (const LabelledFile& file : files) {
    const std::string bytes = read_picture(file.path);
    check_decoding(probe_picture(bytes, file.path), file.path, memory);
    Picture picture = decode_picture(bytes, file.path);
    vanished.add(picture, file.path);
    picture = resized(with_channels(std::move(picture), shape.channels), shape.height, shape.width);
    split.images.insert(split.images.end(), picture.pixels.begin(), picture.pixels.end());
    split.labels.push_back(file.label);
  }
  return split;
}

}  // namespace

Dataset read_image_folder(const fs::path& folder, const ImageFolderSettings& settings,
                          DataMemory memory) {
  ImageListing listing = list_images(folder, settings.test_share);
  Dataset dataset;
  dataset.origin = folder.string();
  dataset.shape = common_shape(listing, settings);
  VanishedImages vanished;
  dataset.train = read_split(listing.train, dataset.shape, folder, memory, vanished);
  dataset.test = read_split(listing.test, dataset.shape, folder, memory, vanished);
  dataset.notes = vanished.notes(folder);
  dataset.class_names = std::move(listing.class_names);
  return dataset;
}

}  // namespace minima::data
