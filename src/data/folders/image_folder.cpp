#include "data/folders/image_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "core/text.h"
#include "data/files/leftovers.h"
#include "data/folders/bad_files.h"
#include "data/folders/image_listing.h"
#include "data/pictures/picture.h"
#include "data/pictures/vanished_images.h"

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
  ShapeFinder(const ImageFolderSettings& settings, BadFiles& bad)
      : settings_(settings), bad_(bad) {}

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
    ImageShape shape;
    if (!bad_.accepts(file.path,
                      [&] { shape = probe_picture(read_picture(file.path), file.path); })) {
      return;
    }
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
  BadFiles& bad_;
  const LabelledFile* first_ = nullptr;  // the file that determined the size
  ImageShape first_shape_;
  int channels_ = 1;
};

ImageShape common_shape(const ImageListing& listing, const ImageFolderSettings& settings,
                        BadFiles& bad) {
  ShapeFinder finder(settings, bad);
  finder.look_at(listing.train);
  finder.look_at(listing.validation);
  finder.look_at(listing.test);
  return finder.shape();
}

/// Checks the temporary memory for decoding an image: what its decoder takes, and its pixels.
void check_decoding(const ImageShape& image, const fs::path& file, DataMemory memory) {
  constexpr std::uint64_t kBytesPerPixel = 12;
  memory.take(kBytesPerPixel * static_cast<std::uint64_t>(image.height) *
                  static_cast<std::uint64_t>(image.width),
              file);
}

/// An estimate of the memory for the name of a file in Split::files.
constexpr std::uint64_t kBytesPerName = 96;

/// Reads the images of all splits, and counts what was changed.
class ImageReader {
 public:
  ImageReader(const fs::path& folder, const ImageShape& shape, Fit fit, DataMemory memory,
              BadFiles& bad)
      : folder_(folder), shape_(shape), fit_(fit), memory_(memory), bad_(bad) {}

  Split read(const std::vector<LabelledFile>& files) {
    Split split;
    memory_.take(files.size() * (static_cast<std::uint64_t>(shape_.pixels()) + kBytesPerName + 2),
                 folder_);
    split.labels.reserve(files.size());
    split.files.reserve(files.size());
    split.images.reserve(files.size() * static_cast<std::size_t>(shape_.pixels()));
    for (const LabelledFile& file : files) {
      if (!bad_.accepts(file.path, [&] { add(split, file); })) continue;
      split.labels.push_back(file.label);
      split.files.push_back(file.path.lexically_relative(folder_).string());
    }
    return split;
  }

  [[nodiscard]] std::vector<std::string> notes() const {
    std::vector<std::string> notes;
    if (turned_ > 0) {
      notes.push_back(fmt::format("{} turned upright as the orientation in the file says",
                                  counted(turned_, "image")));
    }
    if (firsts_ > 0) {
      notes.push_back(fmt::format("only the first frame or page was read of {} ({}{})",
                                  counted(firsts_, "file"), firsts_ > 1 ? "such as " : "",
                                  printable(first_.lexically_relative(folder_).string(), 120)));
    }
    for (std::string& note : vanished_.notes(folder_)) notes.push_back(std::move(note));
    return notes;
  }

 private:
  void add(Split& split, const LabelledFile& file) {
    const std::string bytes = read_picture(file.path);
    check_decoding(probe_picture(bytes, file.path), file.path, memory_);
    Picture picture = decode_picture(bytes, file.path);
    vanished_.add(picture, file.path);
    if (picture.was_turned) ++turned_;
    if (picture.is_first && firsts_++ == 0) first_ = file.path;
    picture = fitted(with_channels(std::move(picture), shape_.channels), shape_.height,
                     shape_.width, fit_);
    split.images.insert(split.images.end(), picture.pixels.begin(), picture.pixels.end());
  }

  const fs::path& folder_;
  ImageShape shape_;
  Fit fit_;
  DataMemory memory_;
  BadFiles& bad_;
  VanishedImages vanished_;
  std::size_t turned_ = 0;
  std::size_t firsts_ = 0;
  fs::path first_;  // the first file with several frames
};

void check_fit(const fs::path& folder, const ImageFolderSettings& settings) {
  if (settings.fit == Fit::stretch || settings.size) return;
  throw input_error({folder.string(), ""}, fmt::format("fit={} needs a size", settings.fit),
                    "add one, such as size=28x28, or leave fit out");
}

/// Leaving out bad files must not empty a class, because networks cannot learn it then.
void check_classes_left(const fs::path& folder, const Dataset& dataset, const BadFiles& bad) {
  if (bad.count() == 0) return;
  const auto counts = class_counts(dataset.train, dataset.problem().classes);
  for (std::size_t label = 0; label < counts.size(); ++label) {
    if (counts[label] > 0) continue;
    throw input_error({folder.string(), ""},
                      fmt::format("skip_bad=true leaves no training image of class {}",
                                  printable(dataset.class_names[label], 60)),
                      "add images of this class or remove its folder");
  }
  if (dataset.test.count() > 0) return;
  throw input_error({folder.string(), ""}, "skip_bad=true leaves no test image",
                    "replace the files that cannot be read");
}

void append(std::vector<std::string>& notes, std::vector<std::string> more) {
  for (std::string& note : more) notes.push_back(std::move(note));
}

}  // namespace

Dataset read_image_folder(const fs::path& folder, const ImageFolderSettings& settings,
                          DataMemory memory) {
  check_fit(folder, settings);
  ImageListing listing = list_images(folder, settings.test_share);
  BadFiles bad(folder, listing.train.size() + listing.validation.size() + listing.test.size());
  Dataset dataset;
  dataset.origin = folder.string();
  dataset.shape = common_shape(listing, settings, bad);
  ImageReader reader(folder, dataset.shape, settings.fit, memory, bad);
  dataset.train = reader.read(listing.train);
  dataset.validation = reader.read(listing.validation);
  dataset.test = reader.read(listing.test);
  dataset.class_names = std::move(listing.class_names);
  dataset.notes = std::move(listing.notes);
  if (!settings.skip_bad) bad.refuse();
  check_classes_left(folder, dataset, bad);
  append(dataset.notes, bad.notes());
  append(dataset.notes, reader.notes());
  return dataset;
}

}  // namespace minima::data
