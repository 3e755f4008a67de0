#include "data/folders/bad_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/text.h"
#include "data/files/leftovers.h"

namespace minima::data {
namespace {

constexpr std::size_t kNamesInALine = 10;
constexpr std::size_t kNamesInNotes = 100;

}  // namespace

void BadFiles::add(const std::filesystem::path& file, const BadPicture& bad) {
  known_.insert(file);
  list_.push_back({file, bad.where(), bad.reason()});
}

/// "a/1.png (damaged PNG image), b/2.png (the image file is empty)".
std::string BadFiles::listed(std::size_t begin, std::size_t end) const {
  std::string text;
  for (std::size_t i = begin; i < std::min(end, list_.size()); ++i) {
    text += fmt::format("{}{} ({})", i == begin ? "" : ", ",
                        printable(list_[i].path.lexically_relative(folder_).string(), 120),
                        printable(list_[i].reason, 120));
  }
  return text;
}

void BadFiles::refuse() const {
  if (list_.empty()) return;
  if (list_.size() == 1) {
    throw input_error({list_[0].path.string(), list_[0].where}, list_[0].reason,
                      "replace or remove the file, or leave it out with skip_bad=true");
  }
  const std::size_t more = list_.size() - std::min(list_.size(), kNamesInALine);
  throw input_error(
      {folder_.string(), ""},
      fmt::format("{} of {} cannot be read: {}{}", list_.size(), counted(files_, "image file"),
                  listed(0, kNamesInALine), more == 0 ? "" : fmt::format(" and {} more", more)),
      "replace or remove these files, or leave them out with skip_bad=true");
}

std::vector<std::string> BadFiles::notes() const {
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < std::min(list_.size(), kNamesInNotes); i += kNamesInALine) {
    notes.push_back(
        fmt::format("{} left out by skip_bad: {}",
                    i == 0 ? counted(list_.size(), "unreadable image file") : "further files",
                    listed(i, i + kNamesInALine)));
  }
  if (list_.size() > kNamesInNotes) {
    notes.push_back(fmt::format("{} more left out by skip_bad",
                                counted(list_.size() - kNamesInNotes, "unreadable image file")));
  }
  return notes;
}

}  // namespace minima::data
