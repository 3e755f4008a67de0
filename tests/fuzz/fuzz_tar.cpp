// Tar archives, plain or compressed.
#include <array>

#include "data/files/bytes.h"
#include "fuzz.h"

namespace minima::fuzz {

void try_input(Bytes bytes) {
  constexpr int kMostEntries = 1000;
  const std::filesystem::path file = scratch() / "input.tar";
  write_file(file, text_of(bytes));
  accepted([&] {
    data::ArchiveReader archive(file, data::ArchiveFormat::tar);
    std::array<std::uint8_t, 4096> block{};
    std::uint64_t all = 0;
    for (int entry = 0; entry < kMostEntries && archive.next(); ++entry) {
      while (const std::size_t got = archive.content().read(block)) {
        all += got;
        if (all > (std::uint64_t{16} << 20)) return;  // dataset readers have limits
      }
    }
  });
}

}  // namespace minima::fuzz
