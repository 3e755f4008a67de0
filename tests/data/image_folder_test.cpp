#include "data/folders/image_folder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>

#include "data/folders/image_listing.h"
#include "files.h"
#include "pictures.h"
#include "support/temporary_folder.h"

namespace minima::data {
namespace {

using namespace testing;
namespace fs = std::filesystem;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class ImageFolder : public ::testing::Test {
 protected:
  void put(std::string_view name, std::string_view content) { write(folder / name, content); }
  /// Writes `count` grey images of 2x3 pixels to FOLDER/<below>/00.png, 01.png, ...
  void put_class(const std::string& below, int count, std::uint8_t grey = 9) {
    for (int i = 0; i < count; ++i) {
      put(fmt::format("{}/{:02}.png", below, i), flat_png(2, 3, {grey}));
    }
  }
  [[nodiscard]] std::string where(const char* name) const { return (folder / name).string(); }
  [[nodiscard]] Dataset read(const ImageFolderSettings& settings = {}) const {
    return read_image_folder(folder.path(), settings);
  }
  [[nodiscard]] std::string refused(const ImageFolderSettings& settings = {}) const {
    return refusal([&] { (void)read(settings); });
  }
  /// The files of a split as "class/file".
  [[nodiscard]] static std::vector<std::string> names(const std::vector<LabelledFile>& files) {
    std::vector<std::string> out;
    for (const LabelledFile& file : files) {
      out.push_back(file.path.parent_path().filename() / file.path.filename());
    }
    return out;
  }

  TemporaryFolder folder;
};

TEST_F(ImageFolder, ReadsTrainAndTestWithClassesSortedByName) {
  put_class("train/zebra", 2, 1);
  put_class("train/Ant", 1, 2);
  put_class("train/cat", 1, 3);
  put_class("test/cat", 2, 4);
  const Dataset dataset = read();
  EXPECT_THAT(dataset.class_names, ElementsAre("Ant", "cat", "zebra"));
  EXPECT_EQ(dataset.shape, (ImageShape{1, 2, 3}));
  EXPECT_EQ(class_counts(dataset.train, 3), (std::vector<std::int64_t>{1, 1, 2}));
  EXPECT_EQ(class_counts(dataset.test, 3), (std::vector<std::int64_t>{0, 2, 0}));
  for (std::size_t n = 0; n < dataset.train.count(); ++n) {
    const int grey[] = {2, 3, 1};
    EXPECT_EQ(dataset.train.images[n * 6], grey[dataset.train.labels[n]]);
  }
  EXPECT_THAT(dataset.test.images, Each(4));
}

TEST_F(ImageFolder, ImagesKeepTheNamesOfTheirFiles) {
  put_class("train/cat", 2);
  put_class("test/cat", 1);
  put("train/ant/x.png", flat_png(2, 3, {7}));
  put("train/ant/broken.png", "no picture");
  const Dataset dataset = read({.skip_bad = true});
  EXPECT_THAT(dataset.train.files,
              UnorderedElementsAre("train/cat/00.png", "train/cat/01.png", "train/ant/x.png"));
  for (std::size_t i = 0; i < dataset.train.count(); ++i) {
    const bool is_ant = dataset.train.files[i] == "train/ant/x.png";
    EXPECT_EQ(dataset.train.labels[i], is_ant ? 0 : 1);
  }
  EXPECT_THAT(dataset.test.files, ElementsAre("test/cat/00.png"));
}

TEST_F(ImageFolder, TakesNamesOfPicturesInAnyCaseAndReportsTheRest) {
  put("train/a/1.PNG", flat_png(8, 8, {9}));
  put("train/a/2.Jpg", flat_jpeg(8, 8, {9}));
  put("train/a/3.JPEG", flat_jpeg(8, 8, {9}));
  put("train/a/notes.txt", "no image");
  put("train/a/.hidden.png", "no image");
  put("train/a/deeper/4.png", "no image");
  put("train/.git/5.png", "no image");
  put("train/readme.md", "no folder");
  put("train/b/1.png", flat_png(8, 8, {9}));
  put("test/b/1.png", flat_png(8, 8, {9}));
  const ImageListing listing = list_images(folder.path());
  EXPECT_THAT(names(listing.train), ElementsAre("a/1.PNG", "a/2.Jpg", "b/1.png", "a/3.JPEG"));
  EXPECT_THAT(listing.class_names, ElementsAre("a", "b"));
  EXPECT_THAT(listing.notes,
              ElementsAre("1 .md file (train/readme.md), 1 .txt file (train/a/notes.txt) and 1 "
                          "hidden file (train/a/.hidden.png) left out; images are read from PNG, "
                          "JPEG, BMP, GIF, WebP, TIFF or PNM files",
                          "1 image in folders below a class folder left out "
                          "(train/a/deeper/4.png); move them up into the class folder"));
}

TEST_F(ImageFolder, SplitsEveryClassWithoutATestFolder) {
  put_class("train/a", 10);
  put_class("train/b", 2);
  const ImageListing listing = list_images(folder.path());
  EXPECT_EQ(listing.train.size(), 8u + 1);
  EXPECT_EQ(listing.test.size(), 2u + 1);
  std::set<fs::path> all;
  for (const auto& file : listing.train) all.insert(file.path);
  for (const auto& file : listing.test) all.insert(file.path);
  EXPECT_EQ(all.size(), 12u) << "every file in exactly one split";
  EXPECT_EQ(list_images(folder.path(), 0.5).test.size(), 5u + 1);
  EXPECT_EQ(list_images(folder.path(), 0.999).test.size(), 9u + 1) << "one is left to train on";
}

TEST_F(ImageFolder, SplitDependsOnNamesAloneAndIsTheSameForEver) {
  put_class("train/a", 10);
  put_class("train/b", 10);
  EXPECT_THAT(names(list_images(folder.path()).test),
              ElementsAre("a/02.png", "b/03.png", "a/07.png", "b/06.png"));
}

TEST_F(ImageFolder, AnotherImageMovesHardlyAnyOther) {
  put_class("train/a", 50);
  put_class("train/b", 50);
  const auto before = names(list_images(folder.path()).test);
  put("train/a/new.png", flat_png(2, 3, {1}));
  const auto after = names(list_images(folder.path()).test);
  std::set<std::string> both(before.begin(), before.end());
  both.insert(after.begin(), after.end());
  EXPECT_LE(both.size(), before.size() + 1);
}

TEST_F(ImageFolder, ReadsClassesThatLieDirectlyInTheFolder) {
  put_class("a", 5);
  put_class("b", 5);
  const Dataset dataset = read();
  EXPECT_THAT(dataset.class_names, ElementsAre("a", "b"));
  EXPECT_EQ(dataset.train.count(), 8u);
  EXPECT_EQ(dataset.test.count(), 2u);
}

TEST_F(ImageFolder, TheFirstImagesAreOfAllClasses) {
  put_class("train/a", 8);
  put_class("train/b", 4);
  put_class("test/a", 1);
  const Dataset dataset = read();
  EXPECT_THAT(dataset.train.labels, ElementsAre(0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0));
}

TEST_F(ImageFolder, AnyColourMakesAllColourUnlessSet) {
  put("a/1.png", flat_png(2, 2, {7}));
  put("a/2.png", flat_png(2, 2, {7}));
  put("b/1.png", flat_png(2, 2, {255, 0, 0}));
  put("b/2.png", flat_png(2, 2, {255, 0, 0}));
  EXPECT_EQ(read().shape, (ImageShape{3, 2, 2}));
  const Dataset grey = read({.size = {}, .channels = 1, .test_share = {}});
  EXPECT_EQ(grey.shape, (ImageShape{1, 2, 2}));
  EXPECT_THAT(grey.test.images, ElementsAre(7, 7, 7, 7, 76, 76, 76, 76));
}

TEST_F(ImageFolder, SizeIsTheCommonOneOrTheOneSet) {
  put("a/1.png", flat_png(2, 2, {7}));
  put("a/2.png", flat_png(5, 4, {7}));
  put("b/1.png", flat_png(2, 2, {9}));
  put("b/2.png", flat_png(2, 2, {9}));
  EXPECT_THAT(
      refused(),
      ::testing::AnyOf(fmt::format("{}: is 5x4 pixels (height x width) but {} is 2x2; set one "
                                   "size for all, such as size=28x28",
                                   where("a/2.png"), where("a/1.png")),
                       fmt::format("{}: is 2x2 pixels (height x width) but {} is 5x4; set one "
                                   "size for all, such as size=28x28",
                                   where("b/1.png"), where("a/2.png"))));
  const ImageFolderSettings settings{.size = ImageSize{3, 6}, .channels = {}, .test_share = {}};
  const Dataset dataset = read(settings);
  EXPECT_EQ(dataset.shape, (ImageShape{1, 3, 6}));
  EXPECT_EQ(dataset.train.images.size(), 2u * 18);
}

TEST_F(ImageFolder, RefusesImagesTooLargeForAnyNetwork) {
  put("a/1.png", flat_png(2, 1025, {7}));
  put("a/2.png", flat_png(2, 1025, {7}));
  put_class("b", 2);
  EXPECT_THAT(refused(), HasSubstr("is 2x1025 pixels (height x width), more than 1024 a side; set "
                                   "one size for all, such as size=28x28"));
}

TEST_F(ImageFolder, KeepsHostileClassNamesAsTheyAre) {
  const std::string longest(200, 'x');
  const std::vector<std::string> hostile{
      "\"quoted\"", "'; DROP TABLE runs; --",           "<script>alert(1)<",
      longest,      "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", "two\nlines"};
  for (const std::string& name : hostile) put_class(name, 2);
  EXPECT_THAT(read().class_names, ::testing::UnorderedElementsAreArray(hostile));
}

TEST_F(ImageFolder, RefusesAnEmptyClassFolder) {
  put_class("train/a", 2);
  put("train/b/notes.txt", "");
  EXPECT_EQ(refused(), where("train/b") +
                           ": class folder without a PNG, JPEG, BMP, GIF, WebP, TIFF or PNM file "
                           "(it holds 1 .txt file); add images of this class or remove the "
                           "folder");
  fs::remove_all(folder / "train/b");
  put_class("train/b", 2);
  put("test/b/notes.txt", "");
  EXPECT_THAT(refused(), HasSubstr("test/b: class folder without a PNG"));
}

TEST_F(ImageFolder, RefusesAFolderWithoutTrain) {
  const std::string line =
      ": has no folder train/ with a folder for each class; lay the images out as "
      "train/<class>/*.png (or .jpg)";
  put("notes.txt", "");
  EXPECT_EQ(refused(), folder.path().string() + line);
  put_class("test/a", 2);
  EXPECT_EQ(refused(), folder.path().string() + line);
  put("1.png", flat_png(2, 2, {7}));
  EXPECT_THAT(refused(), HasSubstr("for each class, but 1 image that lie directly in it; lay"));
}

TEST_F(ImageFolder, RefusesASingleClass) {
  put_class("train/a", 2);
  EXPECT_EQ(refused(), where("train") +
                           ": has 1 class folder, expected 2..65535; put the images of each "
                           "class into a folder with the name of the class");
}

TEST_F(ImageFolder, RefusesATestClassThatIsNotTrained) {
  put_class("train/a", 2);
  put_class("train/b", 2);
  put_class("test/c", 2);
  EXPECT_EQ(refused(), where("test/c") +
                           ": class in test/ that is not among the training images; add a folder "
                           "of this name to them or remove this one");
}

TEST_F(ImageFolder, RefusesAnEmptyTestFolderAndAShareBesideOne) {
  put_class("train/a", 2);
  put_class("train/b", 2);
  fs::create_directory(folder / "test");
  EXPECT_EQ(refused(), where("test") +
                           ": has no class folder; add test/<class>/*.png or remove test/ to "
                           "split off a fraction of the training images");
  put_class("test/a", 1);
  EXPECT_EQ(refused({.size = {}, .channels = {}, .test_share = 0.3}),
            folder.path().string() +
                ": test_share is given but there is a folder test/; leave test_share out or remove "
                "test/");
}

TEST_F(ImageFolder, RefusesToSplitAClassOfOneImage) {
  put_class("train/a", 2);
  put_class("train/b", 1);
  EXPECT_EQ(refused(),
            where("train/b") +
                ": class with a single image, which cannot be split into train and test; "
                "add images of this class or a folder test/");
}

TEST_F(ImageFolder, RefusesACorruptImageByName) {
  put_class("train/a", 3);
  put_class("train/b", 3);
  const std::string whole = flat_png(2, 3, {9});
  put("train/b/01.png", whole.substr(0, whole.size() - 14));
  EXPECT_EQ(refused(), where("train/b/01.png") +
                           ": damaged PNG image (the file ends early); replace or remove the "
                           "file, or leave it out with skip_bad=true");
  put("train/b/01.png", "hello");
  EXPECT_EQ(refused(), where("train/b/01.png") +
                           ": byte 0: is no PNG, JPEG, BMP, GIF, WebP, TIFF or PNM; replace or "
                           "remove the file, or leave it out with skip_bad=true");
}

TEST_F(ImageFolder, RefusesABrokenLinkByNameInsteadOfLosingAnImage) {
  put_class("train/a", 2);
  put_class("train/b", 2);
  fs::create_symlink(folder / "gone.png", folder / "train/b/link.png");
  EXPECT_THAT(refused(), HasSubstr("train/b/link.png: cannot be read: No such file"));
}

TEST_F(ImageFolder, RefusesAClassNameThatIsNotUtf8) {
  put_class("train/a", 2);
  put_class("train/b\xff", 2);
  EXPECT_THAT(refused(), HasSubstr(": the name of this class is not UTF-8; rename the folder"));
}

TEST_F(ImageFolder, SplitsMayHaveOtherNamesInAnyCapitals) {
  put_class("Training/a", 3);
  put_class("Training/b", 3);
  put_class("TESTING/a", 1);
  put_class("Valid/b", 1);
  const Dataset dataset = read();
  EXPECT_EQ(dataset.train.count(), 6u);
  EXPECT_EQ(dataset.test.count(), 1u);
  EXPECT_THAT(dataset.validation.labels, ElementsAre(1));
  EXPECT_THAT(dataset.notes, IsEmpty());
}

TEST_F(ImageFolder, ValidationImagesAreTheTestSetIfThereIsNoOther) {
  put_class("train/a", 5);
  put_class("train/b", 5);
  put_class("val/a", 2);
  put_class("val/b", 1);
  const Dataset dataset = read();
  EXPECT_EQ(dataset.train.count(), 10u);
  EXPECT_EQ(dataset.validation.count(), 0u);
  EXPECT_EQ(dataset.test.count(), 3u);
  EXPECT_THAT(dataset.notes, ElementsAre("the images of val are the test set, because there is no "
                                         "folder test"));
  EXPECT_EQ(refused({.test_share = 0.3}),
            folder.path().string() +
                ": test_share is given but there is a folder val/, which is the test split; leave "
                "test_share out or remove val/");
}

TEST_F(ImageFolder, RefusesTwoFoldersOfOneSplit) {
  put_class("train/a", 2);
  put_class("train/b", 2);
  put_class("Training/a", 2);
  EXPECT_THAT(refused(), HasSubstr("has two folders for the same split, "));
}

TEST_F(ImageFolder, RefusesAClassThatIsOnlyInTheValidationImages) {
  put_class("train/a", 2);
  put_class("train/b", 2);
  put_class("test/b", 2);
  put_class("val/c", 2);
  EXPECT_THAT(refused(), HasSubstr("val/c: class in val/ that is not among the training images"));
}

TEST_F(ImageFolder, SaysWhichFolderHoldsTheDatasetIfItIsOneLevelDeeper) {
  put_class("photos/train/a", 2);
  put_class("photos/train/b", 2);
  EXPECT_EQ(refused(),
            fmt::format("{}: has no folder train/, but {} has one; give {} as the dataset",
                        folder.path().string(), where("photos"), where("photos")));
}

TEST_F(ImageFolder, SaysWhereTheImagesLieIfTheClassFoldersAreOneLevelDeeper) {
  put_class("train/all/a", 2);
  put_class("train/all/b", 3);
  EXPECT_EQ(refused(),
            where("train/all") +
                ": holds no image itself, but 5 images in folders below it (such as "
                "train/all/a/00.png); move them up into this folder, or, if the folders below are "
                "the classes, give the folder that holds them");
}

TEST_F(ImageFolder, AFolderCalledTrainMayBeAClass) {
  put_class("car", 2);
  put_class("train", 2);
  EXPECT_EQ(refused(), where("train") +
                           ": has 0 class folders, expected 2..65535, but 2 images that lie "
                           "directly in it; put the images of each class into a folder with the "
                           "name of the class; if this folder is a class itself, rename it");
}

TEST_F(ImageFolder, CountsFoldersThatItDoesNotEnter) {
  put_class("a", 5);
  put_class("b", 5);
  put("a/below/1.txt", "");
  fs::create_directory_symlink(folder.path(), folder / "a/below/loop");
  EXPECT_THAT(read().notes,
              ElementsAre(HasSubstr("1 .txt file (a/below/1.txt) and 1 linked or very deep folder "
                                    "(a/below/loop) left out")));
}

TEST_F(ImageFolder, SaysWhatLiesBesideTheClassFoldersAndTheTrainingImages) {
  put_class("train/a", 2);
  put_class("train/b", 2);
  put_class("test/a", 1);
  put("train/stray.png", flat_png(2, 3, {1}));
  put("stray.gif", flat_png(2, 3, {1}));
  put("unlabeled/1.png", flat_png(2, 3, {1}));
  EXPECT_THAT(read().notes,
              ElementsAre("2 images beside the class folders left out (such as stray.gif); move "
                          "them into the folder of their class",
                          "1 folder beside the training images left out (unlabeled); the folders "
                          "read are train, val and test"));
}

TEST_F(ImageFolder, CountsFilesThatAreNotReadByTheirExtension) {
  put_class("a", 5);
  put_class("b", 5);
  for (int i = 0; i < 14; ++i) put(fmt::format("a/{:02}.HEIC", i), "heic");
  put("b/movie.mp4", "");
  put("b/README", "");
  EXPECT_THAT(
      read().notes,
      ElementsAre("14 .heic files (such as a/00.HEIC), 1 .mp4 file (b/movie.mp4) and 1 file "
                  "without an extension (b/README) left out; images are read from PNG, "
                  "JPEG, BMP, GIF, WebP, TIFF or PNM files"));
}

TEST_F(ImageFolder, PassesOverWhatSystemsMake) {
  put_class("a", 5);
  put_class("b", 5);
  for (const char* name : {"__MACOSX/a/._1.png", "@eaDir/1.png", ".DS_Store", "a/Thumbs.db",
                           "a/.ipynb_checkpoints/1.png", "a/desktop.ini", "b/._00.png",
                           "b/@eaDir/00.png/SYNOPHOTO_THUMB_M.jpg"}) {
    put(name, "made by a system");
  }
  const Dataset dataset = read();
  EXPECT_THAT(dataset.class_names, ElementsAre("a", "b"));
  EXPECT_EQ(dataset.train.count() + dataset.test.count(), 10u);
  EXPECT_THAT(dataset.notes, IsEmpty());
}

TEST_F(ImageFolder, ContentDecidesTheKindOfAFile) {
  put_class("a", 2);
  put_class("b", 2);
  put("a/00.png", flat_jpeg(2, 3, {9}));
  put("a/03.webp", flat_png(2, 3, {9}));
  EXPECT_EQ(read().train.count() + read().test.count(), 5u);
}

TEST_F(ImageFolder, ReportsAllBadFilesTogether) {
  put_class("train/a", 8);
  put_class("train/b", 8);
  put_class("test/a", 1);
  put("train/a/01.png", "");
  put("train/b/02.png", "hello");
  EXPECT_EQ(refused(),
            folder.path().string() +
                ": 2 of 17 image files cannot be read: train/a/01.png (the image file is empty), "
                "train/b/02.png (is no PNG, JPEG, BMP, GIF, WebP, TIFF or PNM); replace or remove "
                "these files, or leave them out with skip_bad=true");
  for (int i = 0; i < 7; ++i) {
    put(fmt::format("train/a/{:02}.png", i), "x");
    put(fmt::format("train/b/{:02}.png", i), "x");
  }
  EXPECT_THAT(refused(), ::testing::AllOf(HasSubstr(": 14 of 17 image files cannot be read: "),
                                          HasSubstr(" and 4 more; replace")));
}

TEST_F(ImageFolder, SkipsBadFilesOnRequestAndRecordsThem) {
  put_class("train/a", 3);
  put_class("train/b", 3);
  put_class("test/a", 1);
  put("train/a/01.png", "hello");
  for (const auto size : {std::optional<ImageSize>(), std::optional(ImageSize{2, 3})}) {
    const Dataset dataset = read({.size = size, .skip_bad = true});
    EXPECT_THAT(class_counts(dataset.train, 2), ElementsAre(2, 3));
    EXPECT_EQ(dataset.train.images.size(), 5u * 6);
    EXPECT_THAT(dataset.notes,
                ElementsAre("1 unreadable image file left out by skip_bad: train/a/01.png (is no "
                            "PNG, JPEG, BMP, GIF, WebP, TIFF or PNM)"));
  }
}

TEST_F(ImageFolder, RefusesToSkipAWholeClass) {
  put_class("train/a", 2);
  put("train/b/1.png", "hello");
  put_class("test/a", 1);
  EXPECT_EQ(refused({.skip_bad = true}),
            folder.path().string() +
                ": skip_bad=true leaves no training image of class b; add images of this class or "
                "remove its folder");
}

TEST_F(ImageFolder, NotesImagesTurnedUprightAndFirstFrames) {
  put_class("a", 3);
  put_class("b", 3);
  put("a/00.png", png_with_exif(flat_png(3, 2, {9}), exif(6)));
  const std::string gif = encoded(PictureKind::gif, {{1, 2, 3}, {1, 2, 3, 4, 5, 6}});
  const std::size_t frame = gif.find(',', 13 + 3 * (std::size_t{2} << (gif[10] & 7)));
  put("b/00.gif", gif.substr(0, gif.size() - 1) + gif.substr(frame));
  EXPECT_THAT(read().notes,
              ElementsAre("1 image turned upright as the orientation in the file says",
                          "only the first frame or page was read of 1 file (b/00.gif)"));
}

TEST_F(ImageFolder, FitSaysHowImagesBecomeTheSize) {
  for (const char* name : {"a/1.png", "a/2.png", "b/1.png", "b/2.png"}) {
    put(name, png({.height = 1, .width = 4, .bytes = {10, 20, 30, 40}}));
  }
  const auto first = [&](Fit fit) {
    const Dataset dataset = read({.size = ImageSize{2, 2}, .fit = fit});
    return std::vector<std::uint8_t>(dataset.train.images.begin(),
                                     dataset.train.images.begin() + 4);
  };
  EXPECT_THAT(first(Fit::stretch), ElementsAre(15, 35, 15, 35));
  EXPECT_THAT(first(Fit::crop), ElementsAre(20, 20, 20, 20));
  EXPECT_THAT(first(Fit::pad), ElementsAre(15, 35, 0, 0));
  EXPECT_EQ(refused({.fit = Fit::pad}),
            folder.path().string() +
                ": fit=pad needs a size; add one, such as size=28x28, or leave fit out");
}

}  // namespace
}  // namespace minima::data
