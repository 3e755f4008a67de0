#include "data/formats/cifar.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "files.h"
#include "support/temporary_folder.h"

namespace minima::data {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The tiny set as files, with `name` replaced by `content`; empty content omits the file.
Entries entries_with(const std::string& name, const std::string& content) {
  Entries entries = cifar_entries();
  for (auto& [path, bytes] : entries) {
    if (path.ends_with(name)) bytes = content;
  }
  std::erase_if(entries, [](const auto& entry) { return entry.second.empty(); });
  return entries;
}

void write_all(const TemporaryFolder& folder, const Entries& entries) {
  for (const auto& [path, content] : entries) write(folder / path, content);
}

std::string cifar_refused(const std::filesystem::path& place) {
  return refusal([&] { (void)read_cifar(find_cifar(place).value()); });
}

TEST(Cifar, ReadsAFolderOfBatches) {
  const TemporaryFolder folder;
  write_all(folder, cifar_entries());
  const Dataset dataset = read_cifar(find_cifar(folder.path()).value());
  EXPECT_EQ(dataset.shape, (ImageShape{3, 32, 32}));
  EXPECT_THAT(dataset.train.labels, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(dataset.test.labels, ElementsAre(9, 8));
  ASSERT_EQ(dataset.test.images.size(), 2u * 3072);
  EXPECT_EQ(dataset.test.images[1024], 1) << "green follows red";
  EXPECT_EQ(dataset.test.images[3072 + 2048], 12) << "blue of the second image";
  EXPECT_EQ(dataset.class_names.front(), "airplane");
  EXPECT_EQ(dataset.class_names.back(), "truck");
}

TEST(Cifar, ReadsArchivesOfAnyOrderAndCompressionLikeTheFolder) {
  const TemporaryFolder folder;
  write_all(folder, cifar_entries());
  const Dataset unpacked = read_cifar(find_cifar(folder.path()).value());
  Entries entries = cifar_entries();
  std::reverse(entries.begin(), entries.end());
  const TemporaryFolder other;
  write(other / "gz/cifar-10-binary.tar.gz", gzip(tar(entries)));
  write(other / "xz/cifar-10-binary.tar.xz", xz(tar(entries)));
  write(other / "anything.tar", tar(entries));
  for (const char* place : {"gz", "xz", "anything.tar", "gz/cifar-10-binary.tar.gz"}) {
    const Dataset packed = read_cifar(find_cifar(other / place).value());
    EXPECT_EQ(packed.train.images, unpacked.train.images) << place;
    EXPECT_EQ(packed.train.labels, unpacked.train.labels) << place;
    EXPECT_EQ(packed.test.images, unpacked.test.images) << place;
  }
}

TEST(Cifar, TakesClassNamesFromTheMetaFile) {
  const TemporaryFolder folder;
  write_all(folder, cifar_entries());
  const std::filesystem::path meta = folder / "cifar-10-batches-bin/batches.meta.txt";
  write(meta, "a\nb\r\nc\nd\ne\nf\ng\nh\ni\n\"j\"\n\n");
  EXPECT_THAT(read_cifar(find_cifar(folder.path()).value()).class_names,
              ElementsAre("a", "b", "c", "d", "e", "f", "g", "h", "i", "\"j\""));
  write(meta, "cat\ndog\n");
  EXPECT_EQ(cifar_refused(folder.path()),
            meta.string() +
                ": batches.meta.txt: 2 class names where CIFAR-10 has 10; "
                "copy or fetch the dataset again");
}

TEST(Cifar, RefusesALabelOutOfRange) {
  const TemporaryFolder folder;
  const Entries entries = entries_with("data_batch_2.bin", cifar_records({1, 2, 10}));
  write_all(folder, entries);
  EXPECT_EQ(cifar_refused(folder.path()),
            (folder / "cifar-10-batches-bin/data_batch_2.bin").string() +
                ": record 2: label 10 is not in 0..9; copy or fetch the dataset again");
  write(folder / "x.tar.gz", gzip(tar(entries)));
  EXPECT_EQ(cifar_refused(folder / "x.tar.gz"),
            (folder / "x.tar.gz").string() +
                ": data_batch_2.bin, record 2: label 10 is not in 0..9; copy or fetch the dataset "
                "again");
}

TEST(Cifar, RefusesARecordOfTheWrongSize) {
  const TemporaryFolder folder;
  write_all(folder, entries_with("test_batch.bin", cifar_records({1, 2}).substr(0, 4000)));
  EXPECT_EQ(cifar_refused(folder.path()),
            (folder / "cifar-10-batches-bin/test_batch.bin").string() +
                ": record 1: has 927 bytes where a record of CIFAR-10 has 3073; copy or fetch the "
                "dataset again");
}

TEST(Cifar, RefusesAMissingAnEmptyAndADoubleBatch) {
  const TemporaryFolder folder;
  write_all(folder, entries_with("data_batch_4.bin", ""));
  const std::filesystem::path batches = folder / "cifar-10-batches-bin";
  EXPECT_EQ(cifar_refused(folder.path()),
            batches.string() + ": has no data_batch_4.bin; copy or fetch the dataset again");
  write(batches / "data_batch_4.bin", "");
  EXPECT_EQ(cifar_refused(folder.path()),
            batches.string() + ": data_batch_4.bin is empty; copy or fetch the dataset again");
  Entries twice = cifar_entries();
  twice.push_back(twice.front());
  write(folder / "twice.tar", tar(twice));
  EXPECT_THAT(cifar_refused(folder / "twice.tar"),
              HasSubstr("twice.tar: has data_batch_1.bin twice"));
}

TEST(Cifar, RefusesATruncatedArchive) {
  const TemporaryFolder folder;
  const std::string archive = gzip(tar(cifar_entries()));
  write(folder / "cifar-10-binary.tar.gz", archive.substr(0, archive.size() - 20));
  EXPECT_THAT(cifar_refused(folder.path()), HasSubstr("cifar-10-binary.tar.gz: after "));
  EXPECT_THAT(cifar_refused(folder.path()), HasSubstr("the gzip data are truncated or corrupt"));
}

TEST(Cifar, FindsNothingWhereThereIsNothing) {
  const TemporaryFolder folder;
  EXPECT_EQ(find_cifar(folder.path()), std::nullopt);
  write(folder / "notes.txt", "");
  EXPECT_EQ(find_cifar(folder / "notes.txt"), std::nullopt);
}

}  // namespace
}  // namespace minima::data
