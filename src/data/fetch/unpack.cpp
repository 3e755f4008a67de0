#include "data/fetch/unpack.h"

#include <set>

#include "core/error.h"
#include "core/files/file.h"
#include "data/files/bytes.h"

namespace minima::data {
namespace fs = std::filesystem;

void unpack_zip(const fs::path& archive, const fs::path& folder,
                const std::vector<std::string>& names) {
  std::set<std::string> wanted(names.begin(), names.end());
  ArchiveReader reader(archive, ArchiveFormat::zip);
  while (const std::optional<std::string> name = reader.next()) {
    if (wanted.erase(*name) == 0) continue;
    const fs::path file = folder / *name;
    make_folder(file.parent_path());
    write_file_atomically(file, read_rest(reader.content(), archive, kMaxArchiveBytes));
  }
  if (wanted.empty()) return;
  throw input_error({archive.string(), ""}, "lacks the file " + *wanted.begin(), kFetchAgain);
}

}  // namespace minima::data
