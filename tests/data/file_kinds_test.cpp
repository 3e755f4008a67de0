// What is said about files that are not read.
#include "data/source/file_kinds.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "data/source/source.h"
#include "files.h"
#include "support/temporary_folder.h"

namespace minima::data {
namespace {

using namespace testing;
using ::testing::HasSubstr;

std::string load_refused(const std::filesystem::path& path) {
  return refusal([&] { (void)load(parse_source(path.string()), {}); });
}

TEST(FileKinds, EveryUnreadKindIsNamedWithTheWayOut) {
  const TemporaryFolder folder;
  for (const UnreadKind& kind : unread_kinds()) {
    for (const std::string& ending : kind.endings) {
      const auto file = folder / ("data" + ending);
      write(file, "some bytes");
      EXPECT_EQ(load_refused(file),
                fmt::format("{}: is {} {}, which is not read; `minima data formats` lists what is "
                            "read, and the Python that converts other files",
                            file.string(), kind.name[0] == 'A' || kind.name[0] == 'H' ? "an" : "a",
                            kind.name));
      std::filesystem::remove(file);
    }
  }
}

TEST(FileKinds, AFolderOfUnreadFilesIsNamedByThem) {
  const TemporaryFolder folder;
  write(folder / "readme.md", "");
  write(folder / "train-00000.parquet", "PAR1");
  EXPECT_THAT(load_refused(folder.path()),
              HasSubstr("holds train-00000.parquet, a Parquet file, which is not read; `minima "
                        "data formats`"));
}

TEST(FileKinds, AFolderWithReadableFilesSaysToNameOne) {
  const TemporaryFolder folder;
  write(folder / "digits.npz", "");
  EXPECT_EQ(load_refused(folder.path()), folder.path().string() +
                                             ": has no folder of images; name the file, such as " +
                                             (folder / "digits.npz").string());
}

TEST(FileKinds, ProgramsAreShortAndWriteWhatIsRead) {
  for (const UnreadKind& kind : unread_kinds()) {
    EXPECT_LE(std::ranges::count(kind.python, '\n'), 12) << kind.name;
    const bool writes = kind.python.find("savez_compressed") != std::string::npos ||
                        kind.python.find("to_csv") != std::string::npos ||
                        kind.python.find("unpack_archive") != std::string::npos;
    EXPECT_TRUE(writes) << kind.name;
  }
}

TEST(FileKinds, SinglePicturesOtherArchivesAndPythonBatchesAreRefused) {
  const TemporaryFolder folder;
  write(folder / "cat.PNG", flat_png(2, 2, {1}));
  EXPECT_THAT(load_refused(folder / "cat.PNG"), HasSubstr("is a single picture; name the folder"));
  write(folder / "broken.npz", "no zip");
  EXPECT_THAT(
      load_refused(folder / "broken.npz"),
      HasSubstr("broken.npz: byte 0: is no zip archive with files in it, despite its name"));
  write(folder / "digits.zip", zip({{"README.md", "digits\n"}}));
  EXPECT_THAT(load_refused(folder / "digits.zip"),
              HasSubstr("is an archive without pictures, IDX files, tables, NumPy arrays or CIFAR "
                        "batches; unpack it"));
  write(folder / "cifar-100-python.tar.gz", gzip(tar({{"cifar-100-python/train", "x"}})));
  EXPECT_THAT(load_refused(folder / "cifar-100-python.tar.gz"),
              HasSubstr("holds the Python version of CIFAR-100; the binary version is read; run "
                        "`minima data fetch cifar-100`"));
}

}  // namespace
}  // namespace minima::data
