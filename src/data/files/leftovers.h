// Counts what a folder holds besides the images that are read, and says it in sentences: nothing is
// left out silently. Only files and folders that systems and editors make by themselves are passed
// over without a word.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace minima::data {

/// Whether a system or an editor makes files or folders of this name by itself, as __MACOSX.
[[nodiscard]] bool is_system_name(const std::string& name);

/// Names in a folder, sorted, without hidden ones and those of the system. Those of folders end
/// with a slash.
[[nodiscard]] std::vector<std::string> names_in(const std::filesystem::path& folder);

/// "2 other files of the folder were left out: a.png, notes.txt". `container`: "folder", "archive".
/// Nothing if there are no names.
[[nodiscard]] std::optional<std::string> other_files_note(const std::vector<std::string>& names,
                                                          const std::string& container);

/// "1 file", "2 files".
[[nodiscard]] std::string counted(std::size_t count, const std::string& noun);

class Leftovers {
 public:
  /// Paths are reported relative to `root`.
  explicit Leftovers(std::filesystem::path root) : root_(std::move(root)) {}

  void add_hidden(const std::filesystem::path& path);
  /// A file that is no image by its name, or no file at all (a pipe, a device).
  void add_file(const std::filesystem::path& file);
  /// A folder whose content is not counted: a link, or too deep.
  void add_unopened(const std::filesystem::path& folder);
  /// An image in a folder without a class: beside the class folders.
  void add_beside(const std::filesystem::path& image);
  /// An image in a folder below a class folder.
  void add_nested(const std::filesystem::path& image);
  /// A folder that is no split, beside the folder of the training images.
  void add_folder(const std::filesystem::path& folder);
  void add(const Leftovers& other);

  [[nodiscard]] std::size_t beside() const { return beside_.count; }
  [[nodiscard]] std::size_t nested() const { return nested_.count; }
  [[nodiscard]] std::string first_nested() const;

  /// "3 .heic files and 2 hidden files"; empty if there are none of these.
  [[nodiscard]] std::string unread_files() const;

  /// One sentence for each way to be left out.
  [[nodiscard]] std::vector<std::string> notes() const;

 private:
  struct Group {
    std::size_t count = 0;
    std::filesystem::path first;

    void add(const std::filesystem::path& path);
    void add(const Group& other);
  };
  [[nodiscard]] std::string such_as(const Group& group) const;
  [[nodiscard]] std::vector<std::pair<std::string, Group>> unread() const;

  std::filesystem::path root_;
  std::map<std::string, Group> unread_;  ///< by noun: ".heic file", "hidden file"
  Group beside_;
  Group nested_;
  Group folders_;
};

}  // namespace minima::data
