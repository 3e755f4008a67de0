#include "data/files/archive_kind.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <string_view>

#include "data/pictures/picture_kind.h"

namespace minima::data {
namespace {

namespace fs = std::filesystem;

bool ends_with_any(const std::string& name, std::span<const char* const> endings) {
  return std::ranges::any_of(endings, [&](const char* end) { return name.ends_with(end); });
}

ArchiveContent content_of(const fs::path& entry) {
  const std::string name = entry.filename().string();
  const std::string folder = entry.parent_path().filename().string();
  if (name.starts_with('.') || folder == "__MACOSX") return ArchiveContent::other;
  if (name.ends_with(".npy")) return ArchiveContent::numpy;
  if (name.ends_with(".bin") && (name.starts_with("data_batch_") || name == "test_batch.bin")) {
    return ArchiveContent::cifar_10;
  }
  if (name == "train.bin" || name == "test.bin") return ArchiveContent::cifar_100;
  if (folder == "cifar-10-batches-py" || folder == "cifar-100-python") {
    return ArchiveContent::cifar_python;
  }
  if (has_picture_name(entry)) return ArchiveContent::images;
  if (has_table_name(entry)) return ArchiveContent::tables;
  return ArchiveContent::other;
}

}  // namespace

bool has_table_name(const fs::path& path) {
  std::string name = small_letters(path.filename().string());
  if (name.ends_with(".gz") || name.ends_with(".xz")) name.resize(name.size() - 3);
  constexpr std::array kTables{".csv",       ".tsv",     "idx3-ubyte",
                               "idx1-ubyte", "idx2-int", "-mapping.txt"};
  return ends_with_any(name, kTables);
}

std::optional<ArchiveFormat> archive_format(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return std::nullopt;
  std::array<char, 4> start{};
  std::ifstream(path, std::ios::binary).read(start.data(), start.size());
  if (std::string_view(start.data(), start.size()) == "PK\x03\x04") return ArchiveFormat::zip;
  constexpr std::array kTar{".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2"};
  if (ends_with_any(small_letters(path.filename().string()), kTar)) return ArchiveFormat::tar;
  return std::nullopt;
}

ArchiveContent archive_content(const fs::path& path, ArchiveFormat format) {
  ArchiveReader reader(path, format, kUnlimitedBytes);
  ArchiveContent found = ArchiveContent::other;
  while (const std::optional<std::string> entry = reader.next()) {
    const ArchiveContent content = content_of(*entry);
    if (content == ArchiveContent::tables) found = content;
    if (content != ArchiveContent::other && content != found) return content;
  }
  return found;
}

}  // namespace minima::data
