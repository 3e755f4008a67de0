#include "data/folders/image_listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/error.h"
#include "core/numbers/random.h"
#include "core/text.h"
#include "data/files/leftovers.h"
#include "data/limits.h"
#include "data/pictures/picture_kind.h"

namespace minima::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxClasses = std::numeric_limits<std::uint16_t>::max();

struct ClassFolder {
  std::string name;
  std::vector<fs::path> files;  // sorted by name
  Leftovers left;
};

using Entries = std::vector<fs::directory_entry>;

/// Entries of a folder, sorted bytewise by name, without hidden ones and those of the system.
Entries entries_of(const fs::path& folder, Leftovers& left) {
  Entries entries;
  std::error_code error;
  fs::directory_iterator at(folder, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (is_system_name(name)) continue;
    if (name.starts_with('.')) {
      left.add_hidden(at->path());
    } else {
      entries.push_back(*at);
    }
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
  if (!has_picture_name(entry.path())) return false;
  std::error_code error;
  return entry.is_regular_file(error) || (!entry.exists(error) && entry.is_symlink(error));
}

/// Counts the files below a folder that is no class. Links to folders are not followed.
void count_below(const fs::path& folder, int depth, Leftovers& left) {
  constexpr int kDeepest = 16;
  for (const fs::directory_entry& entry : entries_of(folder, left)) {
    std::error_code error;
    if (is_folder(entry)) {
      if (!entry.is_symlink(error) && depth < kDeepest) {
        count_below(entry.path(), depth + 1, left);
      } else {
        left.add_unopened(entry.path());
      }
    } else if (is_image(entry)) {
      left.add_nested(entry.path());
    } else {
      left.add_file(entry.path());
    }
  }
}

ClassFolder class_folder(const fs::path& folder, const fs::path& root) {
  ClassFolder found{folder.filename().string(), {}, Leftovers(root)};
  for (const fs::directory_entry& entry : entries_of(folder, found.left)) {
    if (is_folder(entry)) {
      count_below(entry.path(), 1, found.left);
    } else if (is_image(entry)) {
      found.files.push_back(entry.path());
    } else {
      found.left.add_file(entry.path());
    }
  }
  return found;
}

/// The class folders in a folder. `root`: the folder of the dataset.
std::vector<ClassFolder> class_folders(const fs::path& folder, const fs::path& root,
                                       Leftovers& left) {
  std::vector<ClassFolder> classes;
  std::size_t images = 0;
  for (const fs::directory_entry& entry : entries_of(folder, left)) {
    if (!is_folder(entry)) {
      is_image(entry) ? left.add_beside(entry.path()) : left.add_file(entry.path());
      continue;
    }
    classes.push_back(class_folder(entry.path(), root));
    images += classes.back().files.size();
    if (images > static_cast<std::size_t>(kMaxImages)) {
      throw input_error({folder.string(), ""},
                        fmt::format("has more than {} images", grouped(kMaxImages)), "take fewer");
    }
  }
  return classes;
}

void check_not_empty(const fs::path& folder, const ClassFolder& found) {
  if (!found.files.empty()) return;
  const Place place{(folder / found.name).string(), ""};
  if (found.left.nested() > 0) {
    throw input_error(
        place,
        fmt::format("holds no image itself, but {} in folders below it (such as {})",
                    counted(found.left.nested(), "image"), found.left.first_nested()),
        "move them up into this folder, or, if the folders below are the classes, give the "
        "folder that holds them");
  }
  const std::string others = found.left.unread_files();
  throw input_error(place,
                    fmt::format("class folder without a {} file{}", kPictureKinds,
                                others.empty() ? "" : fmt::format(" (it holds {})", others)),
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

/// What a folder holds beside its class folders: ", but 12 images that lie directly in it", or "".
std::string instead_of_classes(const Leftovers& left) {
  return left.beside() > 0
             ? fmt::format(", but {} that lie directly in it", counted(left.beside(), "image"))
             : "";
}

/// `may_be_class`: other folders lie beside this one, so that it may be a class itself.
void check_classes(const fs::path& folder, const std::vector<ClassFolder>& classes,
                   const Leftovers& left, bool may_be_class) {
  for (const ClassFolder& found : classes) {
    check_not_empty(folder, found);
    if (is_utf8(found.name)) continue;
    throw input_error({(folder / found.name).string(), ""}, "the name of this class is not UTF-8",
                      "rename the folder");
  }
  if (classes.size() < 2 || classes.size() > kMaxClasses) {
    throw input_error(
        {folder.string(), ""},
        fmt::format("has {} class folder{}, expected 2..{}{}", classes.size(),
                    classes.size() == 1 ? "" : "s", kMaxClasses, instead_of_classes(left)),
        fmt::format("put the images of each class into a folder with the name of the "
                    "class{}",
                    may_be_class && classes.empty()
                        ? "; if this folder is a class itself, rename it"
                        : ""));
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

/// The images of a split beside the training images, whose classes are `names`.
FilesByClass files_of_split(const fs::path& folder, const std::vector<std::string>& names,
                            Leftovers& left) {
  const std::string split = folder.filename().string();
  Leftovers here(folder.parent_path());
  FilesByClass files(names.size());
  bool any = false;
  for (ClassFolder& found : class_folders(folder, folder.parent_path(), here)) {
    const auto name = std::lower_bound(names.begin(), names.end(), found.name);
    if (name == names.end() || *name != found.name) {
      throw input_error({(folder / found.name).string(), ""},
                        fmt::format("class in {}/ that is not among the training images", split),
                        "add a folder of this name to them or remove this one");
    }
    check_not_empty(folder, found);
    files[static_cast<std::size_t>(name - names.begin())] = std::move(found.files);
    here.add(found.left);
    any = true;
  }
  if (!any) {
    throw input_error(
        {folder.string(), ""}, fmt::format("has no class folder{}", instead_of_classes(here)),
        fmt::format("add {0}/<class>/*.png or remove {0}/ to split off a fraction of the training "
                    "images",
                    printable(split, 60)));
  }
  left.add(here);
  return files;
}

/// The folders of the splits; empty paths if there are none.
struct SplitFolders {
  fs::path train;
  fs::path validation;
  fs::path test;
  std::vector<fs::path> others;
};

fs::path* split_of(SplitFolders& folders, const std::string& name) {
  const std::string word = small_letters(name);
  if (word == "train" || word == "training") return &folders.train;
  if (word == "val" || word == "valid" || word == "validation") return &folders.validation;
  if (word == "test" || word == "testing") return &folders.test;
  return nullptr;
}

SplitFolders split_folders(const fs::path& root, const Entries& entries) {
  SplitFolders folders;
  for (const fs::directory_entry& entry : entries) {
    if (!is_folder(entry)) continue;
    fs::path* split = split_of(folders, entry.path().filename().string());
    if (split == nullptr) {
      folders.others.push_back(entry.path());
    } else if (split->empty()) {
      *split = entry.path();
    } else {
      throw input_error({root.string(), ""},
                        fmt::format("has two folders for the same split, {} and {}",
                                    split->filename().string(), entry.path().filename().string()),
                        "put their images into one of them");
    }
  }
  return folders;
}

/// A folder inside `root` that looks like the dataset: it has a folder for the training images.
std::optional<fs::path> deeper_dataset(const SplitFolders& folders) {
  Leftovers ignored{fs::path()};
  for (const fs::path& below : folders.others) {
    if (!split_folders(below, entries_of(below, ignored)).train.empty()) return below;
  }
  return std::nullopt;
}

/// The folder that holds the class folders of the training images. Counts what lies beside it.
fs::path training_folder(const fs::path& root, const Entries& entries, const SplitFolders& folders,
                         Leftovers& left) {
  std::size_t images = 0;
  for (const fs::directory_entry& entry : entries) {
    if (is_folder(entry)) continue;
    if (is_image(entry)) ++images;
    if (!folders.train.empty()) {
      is_image(entry) ? left.add_beside(entry.path()) : left.add_file(entry.path());
    }
  }
  if (!folders.train.empty()) {
    for (const fs::path& folder : folders.others) left.add_folder(folder);
    return folders.train;
  }
  if (const auto deeper = deeper_dataset(folders)) {
    throw input_error({root.string(), ""},
                      fmt::format("has no folder train/, but {} has one", deeper->string()),
                      fmt::format("give {} as the dataset", deeper->string()));
  }
  if (folders.test.empty() && folders.validation.empty() && !folders.others.empty()) return root;
  throw input_error({root.string(), ""},
                    fmt::format("has no folder train/ with a folder for each class{}",
                                images == 0 ? ""
                                            : fmt::format(", but {} that lie directly in it",
                                                          counted(images, "image"))),
                    "lay the images out as train/<class>/*.png (or .jpg)");
}

[[noreturn]] void refuse_test_share(const fs::path& root, const fs::path& test,
                                    bool is_validation) {
  const std::string name = test.filename().string();
  throw input_error({root.string(), ""},
                    fmt::format("test_share is given but there is a folder {}/{}", name,
                                is_validation ? ", which is the test split" : ""),
                    fmt::format("leave test_share out or remove {}/", name));
}

}  // namespace

ImageListing list_images(const fs::path& root, std::optional<double> test_share) {
  Leftovers left(root);
  const Entries entries = entries_of(root, left);
  SplitFolders folders = split_folders(root, entries);
  const fs::path train_folder = training_folder(root, entries, folders, left);
  ImageListing listing;
  const bool is_validation = folders.test.empty() && !folders.validation.empty();
  if (is_validation) {
    folders.test = std::exchange(folders.validation, {});
    listing.notes.push_back(
        fmt::format("the images of {} are the test set, because there is no folder test",
                    printable(folders.test.filename().string(), 60)));
  }
  if (!folders.test.empty() && test_share) refuse_test_share(root, folders.test, is_validation);

  if (train_folder == root) left = Leftovers(root);  // the same entries are counted again
  std::vector<ClassFolder> classes = class_folders(train_folder, root, left);
  check_classes(train_folder, classes, left, !folders.train.empty() && !folders.others.empty());
  FilesByClass train;
  for (ClassFolder& found : classes) {
    listing.class_names.push_back(std::move(found.name));
    train.push_back(std::move(found.files));
    left.add(found.left);
  }
  const FilesByClass test =
      folders.test.empty()
          ? split_off(train, listing.class_names, test_share.value_or(kDefaultTestShare))
          : files_of_split(folders.test, listing.class_names, left);
  if (!folders.validation.empty()) {
    listing.validation = interleaved(files_of_split(folders.validation, listing.class_names, left));
  }
  listing.train = interleaved(train);
  listing.test = interleaved(test);
  for (std::string& note : left.notes()) listing.notes.push_back(std::move(note));
  return listing;
}

}  // namespace minima::data
