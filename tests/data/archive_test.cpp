// Image folders, IDX files and tables in archives.
#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "data/folders/unpacked_archive.h"
#include "data/source/source.h"
#include "files.h"
#include "support/temporary_folder.h"

namespace minima::data {
namespace {

using namespace testing;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

/// Two classes with five images each, below `top`.
Entries image_entries(const std::string& top = "photos/") {
  Entries entries;
  for (const char* name : {"bar", "ring"}) {
    for (int i = 0; i < 5; ++i) {
      const auto grey = static_cast<std::uint8_t>(10 * i + (*name == 'b' ? 0 : 5));
      entries.emplace_back(fmt::format("{}{}/{}.png", top, name, i), flat_png(2, 3, {grey}));
    }
  }
  return entries;
}

std::string bzip2(const std::string& content) {
  std::string packed(content.size() + 4096, '\0');
  std::size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_add_filter_bzip2(writer);
  archive_write_set_format_raw(writer);
  archive_write_set_bytes_in_last_block(writer, 1);
  archive_write_open_memory(writer, packed.data(), packed.size(), &used);
  archive_entry* entry = archive_entry_new();
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_write_header(writer, entry);
  archive_write_data(writer, content.data(), content.size());
  archive_entry_free(entry);
  archive_write_close(writer);
  archive_write_free(writer);
  return packed.substr(0, used);
}

/// A tar archive with a symbolic link and a hard link after the entries.
std::string tar_with_links(const Entries& entries) {
  std::string packed(std::size_t{1} << 20, '\0');
  std::size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_set_format_pax_restricted(writer);
  archive_write_open_memory(writer, packed.data(), packed.size(), &used);
  for (const auto& [path, content] : entries) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, path.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    archive_write_header(writer, entry);
    archive_write_data(writer, content.data(), content.size());
    archive_entry_free(entry);
  }
  for (const bool is_hard : {false, true}) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, is_hard ? "photos/bar/hard.png" : "photos/bar/soft.png");
    archive_entry_set_filetype(entry, is_hard ? AE_IFREG : AE_IFLNK);
    is_hard ? archive_entry_set_hardlink(entry, "photos/bar/0.png")
            : archive_entry_set_symlink(entry, "/etc/passwd");
    archive_write_header(writer, entry);
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  return packed.substr(0, used);
}

Dataset load_file(const std::filesystem::path& file, const std::string& settings = "") {
  return load(parse_source(file.string() + settings), {});
}

/// Names another folder for temporary files. In the usual one, other tests unpack theirs.
class TemporaryFilesIn {
 public:
  explicit TemporaryFilesIn(const std::filesystem::path& folder) {
    if (const char* value = std::getenv("TMPDIR")) before_ = value;
    ::setenv("TMPDIR", folder.c_str(), 1);
  }
  ~TemporaryFilesIn() { before_ ? ::setenv("TMPDIR", before_->c_str(), 1) : ::unsetenv("TMPDIR"); }
  TemporaryFilesIn(const TemporaryFilesIn&) = delete;
  TemporaryFilesIn& operator=(const TemporaryFilesIn&) = delete;

 private:
  std::optional<std::string> before_;
};

TEST(ImageArchive, IsReadLikeItsFolderInEveryFormat) {
  const TemporaryFolder folder;
  for (const auto& [path, content] : image_entries()) write(folder / path, content);
  const Dataset unpacked = load_file(folder / "photos");
  const std::string packed = tar(image_entries());
  write(folder / "a.zip", zip(image_entries()));
  write(folder / "a.tar", packed);
  write(folder / "a.tar.gz", gzip(packed));
  write(folder / "a.TGZ", gzip(packed));
  write(folder / "a.tar.xz", xz(packed));
  write(folder / "a.tar.bz2", bzip2(packed));
  write(folder / "flat.zip", zip(image_entries("")));
  for (const char* name :
       {"a.zip", "a.tar", "a.tar.gz", "a.TGZ", "a.tar.xz", "a.tar.bz2", "flat.zip"}) {
    const Dataset dataset = load_file(folder / name);
    EXPECT_EQ(dataset.checksum, unpacked.checksum) << name;
    EXPECT_THAT(dataset.class_names, ElementsAre("bar", "ring")) << name;
    EXPECT_EQ(dataset.origin, (folder / name).string());
  }
}

TEST(ImageArchive, TakesTheSettingsOfImageFolders) {
  const TemporaryFolder folder;
  write(folder / "a.zip", zip(image_entries()));
  const Dataset dataset =
      load_file(folder / "a.zip", " size=4x4 channels=3 test_share=0.4 validation_share=0.34");
  EXPECT_EQ(dataset.shape, (ImageShape{3, 4, 4}));
  EXPECT_EQ(dataset.test.count(), 4u);
  EXPECT_EQ(dataset.validation.count(), 2u);
}

TEST(ImageArchive, LeavesNothingBehind) {
  const TemporaryFolder folder;
  const TemporaryFolder unpacked;
  const TemporaryFilesIn own(unpacked.path());
  write(folder / "a.zip", zip(image_entries()));
  (void)load_file(folder / "a.zip");
  EXPECT_TRUE(std::filesystem::is_empty(unpacked.path()));
  write(folder / "b.zip", zip({{"a/1.png", "no picture"}, {"b/1.png", "no picture"}}));
  (void)refusal([&] { (void)load_file(folder / "b.zip"); });
  EXPECT_TRUE(std::filesystem::is_empty(unpacked.path()));
  // The folder counts: where none can be made, nothing is read.
  const TemporaryFilesIn nowhere("/proc");
  EXPECT_THROW((void)load_file(folder / "a.zip"), std::exception);
}

TEST(ImageArchive, MessagesNameTheFileInTheArchive) {
  const TemporaryFolder folder;
  Entries entries = image_entries();
  entries[3].second = "no picture";
  write(folder / "a.zip", zip(entries));
  const std::string message = refusal([&] { (void)load_file(folder / "a.zip"); });
  EXPECT_THAT(message, AllOf(StartsWith((folder / "a.zip/photos").string()), HasSubstr("3.png"),
                             Not(HasSubstr("minima-unpacked"))));
}

TEST(ImageArchive, NamesThatLeadOutAndLinksAreLeftOutWithANote) {
  const TemporaryFolder folder;
  Entries entries = image_entries();
  entries.emplace_back("../evil.png", flat_png(2, 3, {1}));
  entries.emplace_back("photos/../../evil.png", flat_png(2, 3, {1}));
  entries.emplace_back("/evil.png", flat_png(2, 3, {1}));
  write(folder / "a.tar", tar_with_links(entries));
  const Dataset dataset = load_file(folder / "a.tar");
  EXPECT_EQ(dataset.train.count() + dataset.test.count(), 10u);
  EXPECT_THAT(dataset.notes, ::testing::IsSupersetOf<std::string>(
                                 {"3 files whose names lead out of a.tar were left out (such as "
                                  "../evil.png)",
                                  "2 links or devices of a.tar were left out (such as "
                                  "photos/bar/soft.png)"}));
}

TEST(ImageArchive, RefusesAFileThatOccursTwiceAndTooMuchMemory) {
  const TemporaryFolder folder;
  Entries entries = image_entries();
  entries.push_back(entries[0]);
  write(folder / "a.tar", tar(entries));
  EXPECT_EQ(refusal([&] { (void)load_file(folder / "a.tar"); }),
            (folder / "a.tar").string() +
                ": photos/bar/0.png: is in the archive twice; pack the folder again");
  write(folder / "b.tar", tar(image_entries()));
  EXPECT_THAT(refusal([&] { (void)load(parse_source((folder / "b.tar").string()), {}, 200); }),
              AllOf(HasSubstr("b.tar: "), HasSubstr("memory that data may take")));
}

TEST(ImageArchive, RefusesADamagedOne) {
  const TemporaryFolder folder;
  const std::string packed = gzip(tar(image_entries()));
  write(folder / "a.tar.gz", packed.substr(0, packed.size() / 2));
  EXPECT_THAT(refusal([&] { (void)load_file(folder / "a.tar.gz"); }),
              HasSubstr("the gzip data are truncated or corrupt"));
  write(folder / "a.tar.bz2", "no bzip2");
  EXPECT_THAT(refusal([&] { (void)load_file(folder / "a.tar.bz2"); }),
              HasSubstr("a.tar.bz2: byte 0: is not bzip2 data, despite its name"));
}

TEST(ImageArchive, IsNotReadIfItWasCutOffBetweenTwoFiles) {
  const TemporaryFolder folder;
  const std::string packed = tar(image_entries());
  write(folder / "a.tar", packed.substr(0, packed.find("photos/ring/3.png")));
  EXPECT_THAT(refusal([&] { (void)load_file(folder / "a.tar"); }),
              HasSubstr("the tar data are truncated or corrupt (its end is missing)"));
}

TEST(ImageArchive, FollowedByAnotherOneLosesNoImage) {
  const TemporaryFolder folder;
  const Entries entries = image_entries();
  const Entries first(entries.begin(), entries.begin() + 5);
  const Entries second(entries.begin() + 5, entries.end());
  write(folder / "a.tar", tar(first) + tar(second));
  write(folder / "b.tar", tar(entries));
  EXPECT_EQ(load_file(folder / "a.tar").checksum, load_file(folder / "b.tar").checksum);
  write(folder / "a.zip", zip(first) + zip(second));
  EXPECT_EQ(refusal([&] { (void)load_file(folder / "a.zip"); }),
            (folder / "a.zip").string() +
                ": a second zip archive follows the first in the file; unpack both into a folder, "
                "and name the folder");
}

/// Two classes with images of 2 x 2 pixels: four for training and two for testing.
Entries idx_entries(const std::string& top) {
  const std::string labels("\0\1\0\1", 4);
  return {{top + "train-images-idx3-ubyte", idx({4, 2, 2}, ramp(16))},
          {top + "train-labels-idx1-ubyte.gz", gzip(idx({4}, labels))},
          {top + "t10k-images-idx3-ubyte", idx({2, 2, 2}, ramp(8, 3))},
          {top + "t10k-labels-idx1-ubyte", idx({2}, labels.substr(0, 2))}};
}

std::string pixel_table(int images) {
  std::string text = "label,p0,p1,p2,p3\n";
  for (int i = 0; i < images; ++i) text += fmt::format("{},{},2,3,255\n", i % 2, i % 256);
  return text;
}

TEST(TableArchive, OfIdxFilesIsReadLikeTheirFolder) {
  const TemporaryFolder folder;
  for (const auto& [name, content] : idx_entries("plain/")) write(folder / name, content);
  const std::string checksum = load_file(folder / "plain").checksum;
  write(folder / "a.zip", zip(idx_entries("digits/")));
  write(folder / "b.tar.gz", gzip(tar(idx_entries(""))));
  EXPECT_EQ(load_file(folder / "a.zip").checksum, checksum);
  EXPECT_EQ(load_file(folder / "b.tar.gz").checksum, checksum);
  EXPECT_EQ(load_file(folder / "a.zip").origin, (folder / "a.zip").string());
}

TEST(TableArchive, OfTablesIsReadLikeTheirFolder) {
  const TemporaryFolder folder;
  const Entries entries = {{"train.csv", pixel_table(6)}, {"test.csv", pixel_table(4)}};
  for (const auto& [name, content] : entries) write(folder / "plain" / name, content);
  write(folder / "a.zip", zip(entries));
  const Dataset dataset = load_file(folder / "a.zip");
  EXPECT_EQ(dataset.checksum, load_file(folder / "plain").checksum);
  EXPECT_EQ(dataset.notes, load_file(folder / "plain").notes);
}

TEST(TableArchive, OfSeveralSetsSaysToUnpackIt) {
  const TemporaryFolder folder;
  Entries entries = idx_entries("gzip/emnist-letters-");
  for (const auto& entry : idx_entries("gzip/emnist-digits-")) entries.push_back(entry);
  write(folder / "gzip.zip", zip(entries));
  EXPECT_EQ(refusal([&] { (void)load_file(folder / "gzip.zip"); }),
            (folder / "gzip.zip").string() +
                "/gzip: holds 2 sets of IDX files; unpack the archive and name one of them: "
                "gzip/emnist-digits, gzip/emnist-letters");
}

// A zip archive of 3 KB can hold a table of 3 MB, or of 3 TB.
TEST(TableArchive, IsNotUnpackedBeyondTheMemoryForData) {
  const TemporaryFolder folder;
  write(folder / "a.zip", zip({{"train.csv", std::string(3'000'000, '\n') + pixel_table(4)}}));
  write(folder / "b.zip", zip({{"train-images-idx3-ubyte", std::string(1'000'000, '\0')}}));
  for (const char* name : {"a.zip", "b.zip"}) {
    EXPECT_THAT(refusal([&] { (void)load(parse_source((folder / name).string()), {}, 500'000); }),
                AllOf(HasSubstr(name), HasSubstr("memory that data may take")));
  }
}

TEST(TableArchive, IsReadAsPicturesIfItHasAny) {
  const TemporaryFolder folder;
  Entries entries = {{"photos/labels.csv", "file,label\n"}};
  for (const auto& entry : image_entries()) entries.push_back(entry);
  write(folder / "a.zip", zip(entries));
  const Dataset dataset = load_file(folder / "a.zip");
  EXPECT_EQ(dataset.train.count() + dataset.test.count(), 10U);
  EXPECT_THAT(dataset.notes, Contains(HasSubstr("1 .csv file")));
}

}  // namespace
}  // namespace minima::data
