#include "data/fetch/unpack.h"

#include <array>
#include <fstream>
#include <set>

#include "core/error.h"
#include "core/files/file.h"
#include "data/files/bytes.h"

namespace minima::data {
namespace {

namespace fs = std::filesystem;

void write_whole(ByteStream& content, const fs::path& file) {
  fs::path part = file;
  part += ".part";
  std::array<std::uint8_t, std::size_t{1} << 16> buffer{};
  std::ofstream out(part, std::ios::binary);
  for (std::size_t count = buffer.size(); count == buffer.size() && out.good();) {
    count = content.read(buffer);
    out.write(reinterpret_cast<const char*>(buffer.data()), static_cast<std::streamsize>(count));
  }
  out.close();
  std::error_code error;
  if (!out.fail()) fs::rename(part, file, error);
  if (out.fail() || error) {
    std::error_code ignored;
    fs::remove(part, ignored);
    throw work_error({file.string(), ""}, "cannot be written", "free some space on the disk");
  }
}

}  // namespace

void unpack_zip(const fs::path& archive, const fs::path& folder,
                const std::vector<std::string>& names) {
  std::set<std::string> wanted(names.begin(), names.end());
  ArchiveReader reader(archive, ArchiveFormat::zip);
  while (const std::optional<std::string> name = reader.next()) {
    if (wanted.erase(*name) == 0) continue;
    const fs::path file = folder / *name;
    make_folder(file.parent_path());
    write_whole(reader.content(), file);
  }
  if (wanted.empty()) return;
  throw input_error({archive.string(), ""}, "lacks the file " + *wanted.begin(), kFetchAgain);
}

}  // namespace minima::data
