#include "data/source/file_kinds.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "data/pictures/picture_kind.h"

namespace minima::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSeeFormats =
    "`minima data formats` lists what is read, and the Python that converts other files";

std::string name_in_small_letters(const fs::path& path) {
  return small_letters(path.filename().string());
}

const UnreadKind* unread_kind_of(const fs::path& path) {
  const std::string name = name_in_small_letters(path);
  for (const UnreadKind& kind : unread_kinds()) {
    for (const std::string& ending : kind.endings) {
      if (name.ends_with(ending)) return &kind;
    }
  }
  return nullptr;
}

/// "an HDF5 file", "a MATLAB file".
std::string with_article(const std::string& name) {
  const bool is_an = name.starts_with("ARFF") || name.starts_with("HDF5");
  return (is_an ? "an " : "a ") + name;
}

bool is_named_like_readable(const fs::path& path) {
  const std::string name = name_in_small_letters(path);
  constexpr std::array kEndings{".npz", ".csv",    ".csv.gz", ".tsv", ".zip",     ".tar",
                                ".tgz", ".tar.gz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2"};
  return std::ranges::any_of(kEndings, [&](const char* end) { return name.ends_with(end); });
}

Error python_version_of_cifar(const fs::path& path, const std::string& set) {
  return input_error({path.string(), ""}, fmt::format("holds the Python version of CIFAR-{}", set),
                     fmt::format("the binary version is read; run `minima data fetch cifar-{}`, or "
                                 "convert it as `minima data formats` shows",
                                 set));
}

Error unread_file(const fs::path& path, const UnreadKind& kind) {
  return input_error({path.string(), ""},
                     fmt::format("is {}, which is not read", with_article(kind.name)), kSeeFormats);
}

void refuse_file(const fs::path& path) {
  if (const UnreadKind* kind = unread_kind_of(path)) throw unread_file(path, *kind);
  if (const std::string name = name_in_small_letters(path);
      name.ends_with(".npz") || name.ends_with(".zip")) {
    throw input_error({path.string(), "byte 0"},
                      "is no zip archive with files in it, despite its name", kFetchAgain);
  }
  if (has_picture_name(path)) {
    throw input_error({path.string(), ""}, "is a single picture",
                      "name the folder that has a folder of pictures for each class");
  }
  throw input_error({path.string(), ""},
                    "is a file of no kind that is read: NumPy archive (.npz), table of pixels "
                    "(.csv), IDX file or archive (.zip, .tar.gz)",
                    kSeeFormats);
}

/// Regular files of a folder, sorted; empty if it has a folder, which may hold images.
std::vector<fs::path> only_files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::directory_iterator at(folder, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    if (at->path().filename().string().starts_with('.')) continue;
    if (at->is_directory(error)) return {};
    files.push_back(at->path());
  }
  std::ranges::sort(files);
  return files;
}

void refuse_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder / "cifar-10-batches-py", error) ||
      fs::exists(folder / "data_batch_1", error)) {
    throw python_version_of_cifar(folder, "10");
  }
  const bool is_python_100 =
      fs::exists(folder / "cifar-100-python", error) ||
      (fs::is_regular_file(folder / "train", error) && fs::exists(folder / "meta", error));
  if (is_python_100) throw python_version_of_cifar(folder, "100");
  const std::vector<fs::path> files = only_files_of(folder);
  if (const auto found = std::ranges::find_if(files, is_named_like_readable);
      found != files.end()) {
    throw input_error({folder.string(), ""}, "has no folder of images",
                      fmt::format("name the file, such as {}", printable(found->string(), 300)));
  }
  for (const fs::path& file : files) {
    const UnreadKind* kind = unread_kind_of(file);
    if (kind == nullptr) continue;
    throw input_error(
        {folder.string(), ""},
        fmt::format("holds {}, {}, which is not read", printable(file.filename().string(), 100),
                    with_article(kind->name)),
        kSeeFormats);
  }
}

}  // namespace

void refuse_unreadable(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    refuse_folder(path);
  } else {
    refuse_file(path);
  }
}

Error refused_archive(const fs::path& path, ArchiveContent content) {
  switch (content) {
    case ArchiveContent::cifar_python: {
      const bool is_100 = path.filename().string().find("100") != std::string::npos;
      return python_version_of_cifar(path, is_100 ? "100" : "10");
    }
    default:
      // Spreadsheets and files of PyTorch are zip archives, too.
      if (const UnreadKind* kind = unread_kind_of(path)) return unread_file(path, *kind);
      return input_error({path.string(), ""},
                         "is an archive without pictures, IDX files, tables, NumPy arrays or CIFAR "
                         "batches",
                         "unpack it and name the file or folder that has the data");
  }
}

}  // namespace minima::data
