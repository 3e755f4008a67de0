// Data that would take all memory or much time is refused early, with a message that names the
// file.
#include "data/limits.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <jpeglib.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "core/files/file.h"
#include "data/files/bytes.h"
#include "data/folders/image_folder.h"
#include "data/formats/cifar.h"
#include "data/formats/idx.h"
#include "data/pictures/picture.h"
#include "data/source/source.h"
#include "files.h"
#include "support/temporary_folder.h"

namespace minima::data {
namespace {

using namespace testing;
using ::testing::AllOf;
using ::testing::HasSubstr;

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// A progressive JPEG that sends coefficients bit by bit: two or more scans for each of the 63.
std::string jpeg_of_many_scans() {
  std::vector<jpeg_scan_info> scans;
  scans.push_back({.comps_in_scan = 1, .component_index = {0}, .Ss = 0, .Se = 0, .Ah = 0, .Al = 0});
  for (int at = 1; at < 64; ++at) {
    scans.push_back(
        {.comps_in_scan = 1, .component_index = {0}, .Ss = at, .Se = at, .Ah = 0, .Al = 1});
    scans.push_back(
        {.comps_in_scan = 1, .component_index = {0}, .Ss = at, .Se = at, .Ah = 1, .Al = 0});
  }
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &bytes, &size);
  jpeg.image_width = jpeg.image_height = 16;
  jpeg.input_components = 1;
  jpeg.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&jpeg);
  jpeg.scan_info = scans.data();
  jpeg.num_scans = static_cast<int>(scans.size());
  jpeg_start_compress(&jpeg, TRUE);
  std::string row(16, '\x40');
  for (int y = 0; y < 16; ++y) {
    auto* line = reinterpret_cast<JSAMPROW>(row.data());
    jpeg_write_scanlines(&jpeg, &line, 1);
  }
  jpeg_finish_compress(&jpeg);
  std::string out(reinterpret_cast<char*>(bytes), size);
  jpeg_destroy_compress(&jpeg);
  std::free(bytes);
  return out;
}

TEST(Limits, AJpegOfTooManyScansIsRefused) {
  const std::string bytes = jpeg_of_many_scans();
  EXPECT_THAT(refusal([&] { (void)decode_picture(bytes, "x/a.jpg"); }),
              AllOf(HasSubstr("x/a.jpg: damaged JPEG"), HasSubstr("too many scans")));
}

TEST(Limits, AnImageFileIsLookedAtBeforeItIsRead) {
  const TemporaryFolder folder;
  write(folder / "train/a/1.png", "no image at all");
  const auto path = folder / "train/a/1.png";
  std::filesystem::resize_file(path, std::uint64_t{20} << 30);  // sparse
  EXPECT_LT(seconds_of([&] {
              EXPECT_THAT(refusal([&] { (void)read_picture(path); }),
                          AllOf(HasSubstr("1.png: byte 0"), HasSubstr("is no PNG, JPEG, BMP")));
            }),
            1.0);
}

TEST(Limits, AnImageFileHasAGreatestLength) {
  const TemporaryFolder folder;
  write(folder / "a.png", flat_png(2, 2, {7}));
  std::filesystem::resize_file(folder / "a.png", std::uint64_t{20} << 30);
  EXPECT_THAT(refusal([&] { (void)read_picture(folder / "a.png"); }),
              AllOf(HasSubstr("a.png"), HasSubstr("is larger than 256 MB")));
}

TEST(Limits, ACifarBatchHasAGreatestNumberOfRecords) {
  const TemporaryFolder folder;
  for (const auto& [path, content] : cifar_entries()) write(folder / path, content);
  const auto batch = folder / cifar_entries().front().first;
  std::filesystem::resize_file(batch, std::uint64_t{3073} * (kMaxCifarRecords + 1000));
  EXPECT_THAT(refusal([&] { (void)read_cifar(find_cifar(folder.path()).value()); }),
              AllOf(HasSubstr("data_batch_1.bin"), HasSubstr("more than 100,000 records")));
}

TEST(Limits, ACifarBatchTakesNoMoreMemoryThanIsAllowed) {
  const TemporaryFolder folder;
  for (const auto& [path, content] : cifar_entries()) write(folder / path, content);
  const auto batch = folder / cifar_entries().front().first;
  write(batch, gzip(std::string(std::size_t{3073} * 20'000, '\0')));  // 60 KB
  EXPECT_THAT(
      refusal([&] { (void)read_cifar(find_cifar(folder.path()).value(), DataMemory(10'000'000)); }),
      AllOf(HasSubstr("data_batch_1.bin"), HasSubstr("10 MB of memory that data may take"),
            HasSubstr("--memory")));
}

TEST(Limits, AnArchiveUnpacksToNoMoreThanIsAllowed) {
  const TemporaryFolder folder;
  Entries entries = cifar_entries();
  entries.insert(entries.begin(),
                 {"cifar-10-batches-bin/readme.html", std::string(5'000'000, 'x')});
  write(folder / "a.tar.gz", gzip(tar(entries)));
  ArchiveReader reader(folder / "a.tar.gz", ArchiveFormat::tar, 1'000'000);
  EXPECT_THAT(refusal([&] {
                while (reader.next()) {
                }
              }),
              AllOf(HasSubstr("a.tar.gz"), HasSubstr("unpacks to more than 1.0 MB")));
}

TEST(Limits, ZerosAfterTheEndOfAnArchiveCountToo) {
  const TemporaryFolder folder;
  write(folder / "a.tar.gz", gzip(tar(cifar_entries()) + std::string(5'000'000, '\0')));
  ArchiveReader reader(folder / "a.tar.gz", ArchiveFormat::tar, 1'000'000);
  EXPECT_THAT(refusal([&] {
                while (reader.next()) {
                }
              }),
              HasSubstr("unpacks to more than 1.0 MB"));
}

TEST(Limits, AnIdxHeaderThatAnnouncesTooMuchIsRefusedBeforeAnythingIsRead) {
  const TemporaryFolder folder;
  write(folder / "train-images-idx3-ubyte", idx({4'000'000'000U, 4096, 4096}, "x"));
  write(folder / "train-labels-idx1-ubyte", idx({4'000'000'000U}, "x"));
  write(folder / "t10k-images-idx3-ubyte", idx({1, 4096, 4096}, "x"));
  write(folder / "t10k-labels-idx1-ubyte", idx({1}, "x"));
  const auto refused = [&](DataMemory memory) {
    return refusal([&] { (void)read_idx(find_idx_files(folder.path()), std::nullopt, memory); });
  };
  EXPECT_THAT(refused(DataMemory(1'000'000'000)),
              AllOf(HasSubstr("train-labels-idx1-ubyte"), HasSubstr("4.0 GB of images")));
  EXPECT_THAT(refused(DataMemory()), HasSubstr("the file ends after 1 bytes of content"));
}

TEST(Limits, ImagesOfAFolderTakeNoMoreMemoryThanIsAllowed) {
  const TemporaryFolder folder;
  for (const char* below : {"train/a/1.png", "train/b/1.png", "test/a/1.png", "test/b/1.png"}) {
    write(folder / below, flat_png(2, 2, {7}));
  }
  const ImageFolderSettings large{.size = ImageSize{1024, 1024}};
  EXPECT_THAT(
      refusal([&] { (void)read_image_folder(folder.path(), large, DataMemory(1'000'000)); }),
      AllOf(HasSubstr(folder.path().string()), HasSubstr("2.1 MB of images")));
  write(folder / "train/a/2.png", flat_png(3000, 3000, {7}));
  const ImageFolderSettings small{.size = ImageSize{2, 2}};
  EXPECT_THAT(
      refusal([&] { (void)read_image_folder(folder.path(), small, DataMemory(1'000'000)); }),
      HasSubstr("2.png"));
}

TEST(Limits, GeneratedImagesTakeNoMoreMemoryThanIsAllowed) {
  const Source source = parse_source("glyphs train=10000000");
  EXPECT_LT(seconds_of([&] {
              EXPECT_THAT(refusal([&] { (void)load(source, {}, 1'000'000'000); }),
                          HasSubstr("glyphs train=10000000: 7.9 GB of images"));
              EXPECT_THAT(refusal([&] { (void)outline(source, 1'000'000'000); }),
                          HasSubstr("glyphs train=10000000: 7.9 GB of images"));
            }),
            1.0);
}

TEST(Outline, IsThatOfTheLoadedData) {
  for (const char* text : {"glyphs train=123 test=45", "textures train=50 test=10",
                           "glyphs train=101 test=10 validation_share=0.15",
                           "textures difficulty=0.1 train=307 test=10 validation_share=0.33"}) {
    const Source source = parse_source(text);
    const Dataset loaded = load(source, {});
    const auto outlined = outline(source);
    ASSERT_TRUE(outlined) << text;
    EXPECT_EQ(outlined->problem, loaded.problem()) << text;
    EXPECT_EQ(outlined->train, static_cast<std::int64_t>(loaded.train.count())) << text;
    EXPECT_EQ(outlined->validation, static_cast<std::int64_t>(loaded.validation.count())) << text;
    EXPECT_EQ(outlined->test, static_cast<std::int64_t>(loaded.test.count())) << text;
    EXPECT_EQ(outlined->origin, loaded.origin) << text;
  }
  EXPECT_FALSE(outline(parse_source("mnist")));
}

TEST(Limits, AFileWithoutEndIsReadNoFurtherThanItsLimit) {
  EXPECT_THAT(refusal([] { (void)read_file("/dev/zero", 4'000'000); }),
              HasSubstr("/dev/zero: is larger than 4.0 MB"));
}

}  // namespace
}  // namespace minima::data
