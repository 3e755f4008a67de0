#include "data/files/bytes.h"

#include <gmock/gmock.h>

#include "files.h"
#include "support/temporary_folder.h"

namespace minima::data {
namespace {

using namespace testing;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string content_of(const std::filesystem::path& path) {
  return read_rest(*open_bytes(path), path, 1 << 20);
}

TEST(Bytes, ReadsPlainGzipAndXzAlike) {
  const TemporaryFolder folder;
  const std::string content = ramp(70'000, 7);
  write(folder / "plain", content);
  write(folder / "a.gz", gzip(content));
  write(folder / "a.xz", xz(content));
  EXPECT_EQ(content_of(folder / "plain"), content);
  EXPECT_EQ(content_of(folder / "a.gz"), content);
  EXPECT_EQ(content_of(folder / "a.xz"), content);
}

TEST(Bytes, TellsCompressionByContent) {
  const TemporaryFolder folder;
  write(folder / "nameless", gzip("hello"));
  EXPECT_EQ(content_of(folder / "nameless"), "hello");
}

TEST(Bytes, EmptyFilesAreEmpty) {
  const TemporaryFolder folder;
  write(folder / "plain", "");
  write(folder / "a.gz", gzip(""));
  write(folder / "a.xz", xz(""));
  EXPECT_EQ(content_of(folder / "plain"), "");
  EXPECT_EQ(content_of(folder / "a.gz"), "");
  EXPECT_EQ(content_of(folder / "a.xz"), "");
}

TEST(Bytes, RefusesTruncatedGzipNamingTheFile) {
  const TemporaryFolder folder;
  const std::string whole = gzip(ramp(50'000, 7));
  for (const std::size_t kept : {whole.size() - 1, whole.size() - 8, whole.size() / 2}) {
    write(folder / "a.gz", whole.substr(0, kept));
    EXPECT_THAT(refusal([&] { content_of(folder / "a.gz"); }),
                AllOf(StartsWith((folder / "a.gz").string() + ": after "),
                      HasSubstr("the gzip data are truncated or corrupt"),
                      HasSubstr("; copy or fetch the file again")))
        << kept;
  }
}

TEST(Bytes, RefusesGzipWhoseChecksumDisagrees) {
  const TemporaryFolder folder;
  std::string whole = gzip(ramp(50'000, 7));
  whole[whole.size() - 6] ^= 1;  // in the CRC-32
  write(folder / "a.gz", whole);
  EXPECT_THAT(refusal([&] { content_of(folder / "a.gz"); }),
              HasSubstr("the gzip data are truncated or corrupt (incorrect data check)"));
}

TEST(Bytes, RefusesTruncatedAndCorruptXz) {
  const TemporaryFolder folder;
  const std::string whole = xz(ramp(50'000, 7));
  write(folder / "a.xz", whole.substr(0, whole.size() / 2));
  EXPECT_THAT(refusal([&] { content_of(folder / "a.xz"); }),
              AllOf(StartsWith((folder / "a.xz").string()),
                    HasSubstr("the xz data are truncated or corrupt")));
  std::string corrupt = whole;
  corrupt[whole.size() / 2] ^= 1;
  write(folder / "a.xz", corrupt);
  EXPECT_THAT(refusal([&] { content_of(folder / "a.xz"); }),
              HasSubstr("the xz data are truncated or corrupt"));
}

TEST(Bytes, RefusesNamesThatLie) {
  const TemporaryFolder folder;
  write(folder / "a.gz", "<html>404</html>");
  EXPECT_EQ(refusal([&] { content_of(folder / "a.gz"); }),
            (folder / "a.gz").string() +
                ": byte 0: is not gzip data, despite its name; copy or fetch the file again, or "
                "remove .gz from its name if it is not compressed");
  write(folder / "a.xz", "");
  EXPECT_THAT(refusal([&] { content_of(folder / "a.xz"); }), HasSubstr("is not xz data"));
}

TEST(Bytes, RefusesMissingFilesAndFolders) {
  const TemporaryFolder folder;
  EXPECT_EQ(refusal([&] { content_of(folder / "none"); }),
            (folder / "none").string() +
                ": cannot be read: No such file or directory; check the path and its permissions");
  EXPECT_EQ(refusal([&] { content_of(folder.path()); }),
            folder.path().string() + ": is a folder, expected a file; name the file");
}

TEST(Bytes, RefusesMoreThanTheLimit) {
  const TemporaryFolder folder;
  write(folder / "a", "12345");
  EXPECT_EQ(refusal([&] { (void)read_rest(*open_bytes(folder / "a"), folder / "a", 4); }),
            (folder / "a").string() + ": is larger than 4 bytes; copy or fetch the file again");
}

TEST(Tar, StreamsTheFilesOfAnArchiveHoweverCompressed) {
  const TemporaryFolder folder;
  const std::string archive = tar({{"a/one", "1"}, {"a/two", ramp(5000)}});
  write(folder / "a.tar", archive);
  write(folder / "a.tar.gz", gzip(archive));
  write(folder / "a.tar.xz", xz(archive));
  for (const char* name : {"a.tar", "a.tar.gz", "a.tar.xz"}) {
    ArchiveReader reader(folder / name, ArchiveFormat::tar);
    EXPECT_EQ(reader.next(), "a/one");
    EXPECT_EQ(reader.next(), "a/two") << "content not read is passed over";
    EXPECT_EQ(read_rest(reader.content(), "a/two", 10'000), ramp(5000));
    EXPECT_EQ(reader.next(), std::nullopt);
  }
}

TEST(Tar, ChecksTheCompressedDataToTheirEnd) {
  const TemporaryFolder folder;
  std::string archive = gzip(tar({{"one", "1"}}));
  archive[archive.size() - 6] ^= 1;
  write(folder / "a.tar.gz", archive);
  EXPECT_THAT(refusal([&] {
                ArchiveReader reader(folder / "a.tar.gz", ArchiveFormat::tar);
                while (reader.next()) {
                }
              }),
              HasSubstr("the gzip data are truncated or corrupt (incorrect data check)"));
}

TEST(Tar, RefusesWhatIsNoArchive) {
  const TemporaryFolder folder;
  write(folder / "a.tar.gz", gzip(ramp(3000, 11)));
  EXPECT_THAT(refusal([&] { (void)ArchiveReader(folder / "a.tar.gz", ArchiveFormat::tar).next(); }),
              AllOf(StartsWith((folder / "a.tar.gz").string()),
                    HasSubstr("the tar data are truncated or corrupt")));
}

TEST(Tar, RefusesAnArchiveThatEndsInsideAFile) {
  const TemporaryFolder folder;
  write(folder / "a.tar", tar({{"one", ramp(5000)}}).substr(0, 3000));
  ArchiveReader reader(folder / "a.tar", ArchiveFormat::tar);
  ASSERT_EQ(reader.next(), "one");
  EXPECT_THAT(refusal([&] { skip_rest(reader.content()); }),
              HasSubstr("the tar data are truncated or corrupt"));
}

}  // namespace
}  // namespace minima::data
