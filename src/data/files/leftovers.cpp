#include "data/files/leftovers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/error.h"
#include "core/text.h"
#include "data/pictures/picture_kind.h"

namespace minima::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostKinds = 8;  // named in one sentence

// In small letters.
constexpr std::array<std::string_view, 32> kSystemNames{
    "__macosx",       "@eadir",       ".ds_store",
    ".appledouble",   ".lsoverride",  ".spotlight-v100",
    ".trashes",       ".fseventsd",   ".temporaryitems",
    "icon\r",         "thumbs.db",    "ehthumbs.db",
    "desktop.ini",    "$recycle.bin", "system volume information",
    "#recycle",       "#snapshot",    "lost+found",
    ".directory",     ".nomedia",     ".ipynb_checkpoints",
    "__pycache__",    ".git",         ".gitignore",
    ".gitattributes", ".gitkeep",     ".keep",
    ".idea",          ".vscode",      ".dvc",
    ".picasa.ini",    ".cache"};

std::string shown(const fs::path& path) {
  return printable(path.string(), 120);
}

/// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

}  // namespace

bool is_system_name(const std::string& name) {
  if (name.starts_with("._") || name.starts_with(".Trash-")) return true;
  return std::find(kSystemNames.begin(), kSystemNames.end(), small_letters(name)) !=
         kSystemNames.end();
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator at(folder, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with('.') || is_system_name(name)) continue;
    names.push_back(is_folder(at->path()) ? name + "/" : name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::string> other_files_note(const std::vector<std::string>& names,
                                            const std::string& container) {
  constexpr std::size_t kNamed = 5;
  if (names.empty()) return std::nullopt;
  std::string text;
  for (std::size_t i = 0; i < std::min(kNamed, names.size()); ++i) {
    text += (text.empty() ? "" : ", ") + printable(names[i], 100);
  }
  if (names.size() > kNamed) text += ", ...";
  const auto folders = static_cast<std::size_t>(std::count_if(
      names.begin(), names.end(), [](const std::string& name) { return name.ends_with('/'); }));
  const char* noun = folders == 0 ? "file" : folders == names.size() ? "folder" : "file or folder";
  return fmt::format("{} other {}{} of the {} {} left out: {}", names.size(), noun,
                     names.size() == 1 ? "" : "s", container, names.size() == 1 ? "was" : "were",
                     text);
}

std::string counted(std::size_t count, const std::string& noun) {
  return fmt::format("{} {}{}", grouped(static_cast<std::int64_t>(count)), noun,
                     count == 1 ? "" : "s");
}

void Leftovers::Group::add(const fs::path& path) {
  if (count++ == 0) first = path;
}

void Leftovers::Group::add(const Group& other) {
  if (count == 0) first = other.first;
  count += other.count;
}

void Leftovers::add_hidden(const fs::path& path) {
  unread_[is_folder(path) ? "hidden folder" : "hidden file"].add(path);
}

void Leftovers::add_file(const fs::path& file) {
  const std::string extension = printable(small_extension(file), 20);
  std::error_code error;
  const bool is_special = fs::exists(file, error) && !fs::is_regular_file(file, error);
  unread_[is_special          ? "pipe or device"
          : extension.empty() ? "file without an extension"
                              : extension + " file"]
      .add(file);
}

void Leftovers::add_unopened(const fs::path& folder) {
  unread_["linked or very deep folder"].add(folder);
}

void Leftovers::add_beside(const fs::path& image) {
  beside_.add(image);
}

void Leftovers::add_nested(const fs::path& image) {
  nested_.add(image);
}

void Leftovers::add_folder(const fs::path& folder) {
  folders_.add(folder);
}

void Leftovers::add(const Leftovers& other) {
  for (const auto& [noun, group] : other.unread_) unread_[noun].add(group);
  beside_.add(other.beside_);
  nested_.add(other.nested_);
  folders_.add(other.folders_);
}

std::string Leftovers::first_nested() const {
  return shown(nested_.first.lexically_relative(root_));
}

std::string Leftovers::such_as(const Group& group) const {
  return fmt::format("{}{}", group.count == 1 ? "" : "such as ",
                     shown(group.first.lexically_relative(root_)));
}

/// The most frequent first.
std::vector<std::pair<std::string, Leftovers::Group>> Leftovers::unread() const {
  std::vector<std::pair<std::string, Group>> groups(unread_.begin(), unread_.end());
  std::stable_sort(groups.begin(), groups.end(),
                   [](const auto& a, const auto& b) { return a.second.count > b.second.count; });
  return groups;
}

std::string Leftovers::unread_files() const {
  std::vector<std::string> parts;
  for (const auto& [noun, group] : unread()) {
    if (parts.size() < kMostKinds) parts.push_back(counted(group.count, noun));
  }
  return listed(parts);
}

std::vector<std::string> Leftovers::notes() const {
  std::vector<std::string> notes;
  std::vector<std::string> parts;
  std::size_t kinds = 0;
  std::size_t others = 0;
  for (const auto& [noun, group] : unread()) {
    if (++kinds > kMostKinds) {
      others += group.count;
    } else {
      parts.push_back(fmt::format("{} ({})", counted(group.count, noun), such_as(group)));
    }
  }
  if (others > 0) parts.push_back(counted(others, "file") + " of other kinds");
  if (!parts.empty()) {
    notes.push_back(
        fmt::format("{} left out; images are read from {} files", listed(parts), kPictureKinds));
  }
  if (beside_.count > 0) {
    notes.push_back(fmt::format(
        "{} beside the class folders left out ({}); move them into the folder of their class",
        counted(beside_.count, "image"), such_as(beside_)));
  }
  if (nested_.count > 0) {
    notes.push_back(fmt::format(
        "{} in folders below a class folder left out ({}); move them up into the class folder",
        counted(nested_.count, "image"), such_as(nested_)));
  }
  if (folders_.count > 0) {
    notes.push_back(fmt::format(
        "{} beside the training images left out ({}); the folders read are train, val and test",
        counted(folders_.count, "folder"), such_as(folders_)));
  }
  return notes;
}

}  // namespace minima::data
