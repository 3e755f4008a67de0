#include "data/formats/image_listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "core/numbers/random.h"
#include "core/text.h"
#include "data/formats/limits.h"

namespace minima::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxClasses = std::numeric_limits<std::uint16_t>::max();

struct ClassFolder {
  std::string name;
  std::vector<fs::path> files;  // sorted by name
};

/// Entries of a folder, sorted bytewise by name, without hidden ones.
std::vector<fs::directory_entry> entries_of(const fs::path& folder) {
  std::vector<fs::directory_entry> entries;
  std::error_code error;
  fs::directory_iterator at(folder, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    if (!at->path().filename().string().starts_with('.')) entries.push_back(*at);
  }
  if (error) {
    throw input_error({folder.string(), ""}, fmt::format("cannot be read: {}", error.message()),
                      "check the path and its permissions");
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return a.path().filename().string() < b.path().filename().string();
  });
  return entries;
}

bool is_folder(const fs::directory_entry& entry) {
  std::error_code error;
  return entry.is_directory(error);
}

/// Includes broken links, so that reading fails with the name and an image is not lost silently.
bool is_image(const fs::directory_entry& entry) {
  std::string extension = entry.path().extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (extension != ".png" && extension != ".jpg" && extension != ".jpeg") return false;
  std::error_code error;
  return entry.is_regular_file(error) || (!entry.exists(error) && entry.is_symlink(error));
}

std::vector<ClassFolder> class_folders(const fs::path& folder) {
  std::vector<ClassFolder> classes;
  std::size_t images = 0;
  for (const fs::directory_entry& entry : entries_of(folder)) {
    if (!is_folder(entry)) continue;
    ClassFolder found{entry.path().filename().string(), {}};
    for (const fs::directory_entry& file : entries_of(entry.path())) {
      if (is_image(file)) found.files.push_back(file.path());
    }
    images += found.files.size();
    if (images > static_cast<std::size_t>(kMaxImages)) {
      throw input_error({folder.string(), ""},
                        fmt::format("has more than {} images", grouped(kMaxImages)), "take fewer");
    }
    classes.push_back(std::move(found));
  }
  return classes;
}

void check_not_empty(const fs::path& folder, const ClassFolder& found) {
  if (!found.files.empty()) return;
  throw input_error({(folder / found.name).string(), ""},
                    "class folder without a .png, .jpg or .jpeg file",
                    "add images of this class or remove the folder");
}

/// Checks UTF-8 only as far as JSON and HTML writers need it: lead bytes and continuation bytes.
bool is_utf8(const std::string& text) {
  std::size_t followers = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool follows = (byte & 0xc0) == 0x80;
    if (follows != (followers > 0)) return false;
    if (follows) {
      --followers;
    } else if (byte >= 0x80) {
      if (byte < 0xc2 || byte > 0xf4) return false;
      followers = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    }
  }
  return followers == 0;
}

void check_classes(const fs::path& folder, const std::vector<ClassFolder>& classes) {
  for (const ClassFolder& found : classes) {
    check_not_empty(folder, found);
    if (is_utf8(found.name)) continue;
    throw input_error({(folder / found.name).string(), ""}, "the name of this class is not UTF-8",
                      "rename the folder");
  }
  if (classes.size() < 2 || classes.size() > kMaxClasses) {
    throw input_error({folder.string(), ""},
                      fmt::format("has {} class folder{}, expected 2..{}", classes.size(),
                                  classes.size() == 1 ? "" : "s", kMaxClasses),
                      "put the images of each class into a folder with the name of the class");
  }
}

using FilesByClass = std::vector<std::vector<fs::path>>;

/// Moves the chosen fraction of each class out of `train`. Every file draws its own random number;
/// those with the smallest numbers are moved.
FilesByClass split_off(FilesByClass& train, const std::vector<std::string>& names, double share) {
  FilesByClass test(train.size());
  for (std::size_t label = 0; label < train.size(); ++label) {
    std::vector<fs::path>& files = train[label];
    if (files.size() < 2) {
      throw input_error({files.front().parent_path().string(), ""},
                        "class with a single image, which cannot be split into train and test",
                        "add images of this class or a folder test/");
    }
    const std::uint64_t subject = subject_of(names[label]);
    std::vector<std::pair<double, fs::path>> drawn;
    for (const fs::path& file : files) {
      const std::string name = file.filename().string();
      RandomStream stream(0, subject_of(subject, subject_of(name)), Purpose::split);
      drawn.emplace_back(stream.uniform(), file);
    }
    std::sort(drawn.begin(), drawn.end());
    const auto count = static_cast<double>(files.size());
    const auto tests =
        static_cast<std::size_t>(std::clamp(std::floor(count * share + 0.5), 1.0, count - 1.0));
    files.clear();
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      (i < tests ? test[label] : files).push_back(std::move(drawn[i].second));
    }
    std::sort(files.begin(), files.end());
    std::sort(test[label].begin(), test[label].end());
  }
  return test;
}

/// File i of n in its class is placed at (i + 1/2) / n of the split.
std::vector<LabelledFile> interleaved(const FilesByClass& classes) {
  struct Seat {
    double position;
    LabelledFile file;
  };
  std::vector<Seat> seats;
  for (std::size_t label = 0; label < classes.size(); ++label) {
    const auto count = static_cast<double>(classes[label].size());
    for (std::size_t i = 0; i < classes[label].size(); ++i) {
      seats.push_back({(static_cast<double>(i) + 0.5) / count,
                       {classes[label][i], static_cast<std::uint16_t>(label)}});
    }
  }
  std::stable_sort(seats.begin(), seats.end(),
                   [](const Seat& a, const Seat& b) { return a.position < b.position; });
  std::vector<LabelledFile> files;
  files.reserve(seats.size());
  for (Seat& seat : seats) files.push_back(std::move(seat.file));
  return files;
}

FilesByClass files_of_test_folder(const fs::path& folder, const std::vector<std::string>& names) {
  FilesByClass test(names.size());
  bool any = false;
  for (ClassFolder& found : class_folders(folder)) {
    const auto name = std::lower_bound(names.begin(), names.end(), found.name);
    if (name == names.end() || *name != found.name) {
      throw input_error({(folder / found.name).string(), ""},
                        "class in test/ that is not in train/",
                        "add a folder of this name to train/ or remove this one");
    }
    check_not_empty(folder, found);
    test[static_cast<std::size_t>(name - names.begin())] = std::move(found.files);
    any = true;
  }
  if (!any) {
    throw input_error({folder.string(), ""}, "has no class folder",
                      "add test/<class>/*.png or remove test/ to split off a fraction of train/");
  }
  return test;
}

/// The folder that holds the class folders of the training images.
fs::path training_folder(const fs::path& folder, bool has_test) {
  std::error_code error;
  if (fs::is_directory(folder / "train", error)) return folder / "train";
  if (!has_test) {
    const std::vector<fs::directory_entry> entries = entries_of(folder);
    if (std::any_of(entries.begin(), entries.end(), is_folder)) return folder;
  }
  throw input_error({folder.string(), ""}, "has no folder train/ with a folder for each class",
                    "lay the images out as train/<class>/*.png (or .jpg)");
}

}  // namespace

ImageListing list_images(const fs::path& folder, std::optional<double> test_share) {
  std::error_code error;
  const bool has_test = fs::is_directory(folder / "test", error);
  if (has_test && test_share) {
    throw input_error({folder.string(), ""}, "test_share is given but there is a folder test/",
                      "leave test_share out or remove test/");
  }
  const fs::path train_folder = training_folder(folder, has_test);
  std::vector<ClassFolder> classes = class_folders(train_folder);
  check_classes(train_folder, classes);

  ImageListing listing;
  FilesByClass train;
  for (ClassFolder& found : classes) {
    listing.class_names.push_back(std::move(found.name));
    train.push_back(std::move(found.files));
  }
  const FilesByClass test =
      has_test ? files_of_test_folder(folder / "test", listing.class_names)
               : split_off(train, listing.class_names, test_share.value_or(kDefaultTestShare));
  listing.train = interleaved(train);
  listing.test = interleaved(test);
  return listing;
}

}  // namespace minima::data
