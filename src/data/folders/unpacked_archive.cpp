#include "data/folders/unpacked_archive.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/files/unfinished.h"
#include "core/text.h"
#include "data/pictures/picture_kind.h"

namespace minima::data {
namespace {

namespace fs = std::filesystem;

constexpr int kDeepestFolder = 32;
constexpr std::size_t kCopyBytes = std::size_t{1} << 20;

/// Whether the name stays below the folder that it is relative to.
bool is_safe(const fs::path& name) {
  if (name.empty() || name.is_absolute() || !name.has_filename()) return false;
  int depth = 0;
  for (const fs::path& part : name) {
    if (part == "..") return false;
    ++depth;
  }
  return depth <= kDeepestFolder;
}

bool is_of_system(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with('.') || name == "__MACOSX";
}

bool has_folder(const fs::path& folder) {
  return std::ranges::any_of(fs::directory_iterator(folder), [](const fs::directory_entry& entry) {
    return entry.is_directory() && !is_of_system(entry.path());
  });
}

/// The only entry of a folder if it is a folder; else empty.
fs::path only_folder(const fs::path& folder) {
  fs::path only;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (is_of_system(entry.path())) continue;
    if (!only.empty() || !entry.is_directory()) return {};
    only = entry.path();
  }
  return only;
}

void add_note(std::vector<std::string>& notes, const PassedOver& passed, const char* one,
              const char* many, const std::string& archive) {
  if (passed.count == 0) return;
  notes.push_back(fmt::format("{} {} of {} {} left out (such as {})", passed.count,
                              passed.count == 1 ? one : many, archive,
                              passed.count == 1 ? "was" : "were", printable(passed.first, 100)));
}

}  // namespace

UnpackedArchive::UnpackedArchive(const fs::path& archive, ArchiveFormat format,
                                 ArchiveContent content, DataMemory memory)
    : archive_(archive), content_(content) {
  unpack(format, memory);
}

void UnpackedArchive::unpack(ArchiveFormat format, DataMemory memory) {
  ArchiveReader reader(archive_, format, kUnlimitedBytes);
  while (const auto name = reader.next()) {
    if (++files_ > static_cast<std::size_t>(kMaxImages)) {
      throw input_error({archive_.string(), ""},
                        fmt::format("has more than {} files", grouped(kMaxImages)), "take fewer");
    }
    if (is_safe(*name)) {
      unpack_file(*name, reader.content(), memory);
    } else {
      unsafe_.add(*name);
    }
  }
  links_ = reader.passed_over();
  make_folders(reader.folders());
}

/// A class folder without a file is refused later, as it is outside of an archive.
void UnpackedArchive::make_folders(const std::vector<std::string>& names) {
  for (std::string name : names) {
    while (name.ends_with('/')) name.pop_back();
    std::error_code ignored;
    if (!is_safe(name)) continue;
    const fs::path folder = root_.path() / name;
    const Unfinished created(folder, [&] { fs::create_directories(folder, ignored); });
  }
}

void UnpackedArchive::unpack_file(const std::string& name, ByteStream& content,
                                  DataMemory& memory) {
  const fs::path file = root_.path() / name;
  const Place place{archive_.string(), printable(name, 100)};
  std::error_code error;
  if (fs::exists(file, error)) {
    throw input_error(place, "is in the archive twice", "pack the folder again");
  }
  std::ofstream out;
  // A signal removes the whole folder; nothing is created in it after that.
  const Unfinished created(file, [&] {
    fs::create_directories(file.parent_path(), error);
    out.open(file, std::ios::binary);
  });
  if (error || !out) {
    throw input_error(place, "cannot be unpacked under this name", "rename it and pack again");
  }
  if (!is_wanted(name)) return;
  copy(content, name, out, memory);
  out.close();
  if (out.fail()) {
    throw work_error({root_.path().string(), ""},
                     "the archive cannot be unpacked: no space is left",
                     "free space in the temporary folder, or set TMPDIR to another one");
  }
}

bool UnpackedArchive::is_wanted(const std::string& name) const {
  if (content_ == ArchiveContent::images) return has_picture_name(name);
  return has_table_name(name) && !is_of_system(name);
}

void UnpackedArchive::copy(ByteStream& content, const std::string& name, std::ofstream& out,
                           DataMemory& memory) {
  const bool is_picture = content_ == ArchiveContent::images;
  const bool is_text = !is_picture && small_letters(name).ends_with("sv");
  std::vector<std::uint8_t> piece(kCopyBytes);
  std::uint64_t copied = 0;
  for (std::size_t got = piece.size(); got == piece.size();) {
    got = content.read(piece);
    copied += got;
    if (is_picture && copied > kMaxImageFileBytes) {
      throw input_error({archive_.string(), printable(name, 100)},
                        fmt::format("is larger than {}", human_bytes(kMaxImageFileBytes)),
                        "replace or remove the file");
    }
    memory.take(is_text ? got / kCsvBytesOfPixel : got, archive_);
    out.write(reinterpret_cast<const char*>(piece.data()), static_cast<std::streamsize>(got));
  }
}

fs::path UnpackedArchive::folder() const {
  fs::path folder = root_.path();
  for (fs::path below = only_folder(folder); !below.empty(); below = only_folder(folder)) {
    // A folder without folders is a class, and not a folder of classes.
    if (content_ == ArchiveContent::images && !has_folder(below)) break;
    folder = below;
  }
  return folder;
}

std::string UnpackedArchive::in_archive(std::string message) const {
  const std::string root = root_.path().string();
  for (const char* remedy : {"; name ", "; give "}) {
    const std::size_t begin = message.find(remedy);
    if (begin == std::string::npos) continue;
    std::string rest = message.substr(begin + 2);
    for (std::size_t at = rest.find(root + "/"); at != std::string::npos;
         at = rest.find(root + "/")) {
      rest.erase(at, root.size() + 1);
    }
    message.resize(begin);
    message += "; unpack the archive and " + rest;
    break;
  }
  const std::string archive = archive_.string();
  for (std::size_t at = message.find(root); at != std::string::npos;
       at = message.find(root, at + archive.size())) {
    message.replace(at, root.size(), archive);
  }
  return message;
}

std::vector<std::string> UnpackedArchive::notes() const {
  std::vector<std::string> notes;
  const std::string archive = printable(archive_.filename().string(), 100);
  add_note(notes, unsafe_, "file whose name leads out", "files whose names lead out", archive);
  add_note(notes, links_, "link or device", "links or devices", archive);
  return notes;
}

}  // namespace minima::data
