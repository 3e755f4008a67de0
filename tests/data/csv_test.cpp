// Tables of pixels, as Kaggle and OpenML publish MNIST.
#include "data/formats/csv.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

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

constexpr const char* kHeader = "label,pixel0,pixel1,pixel2,pixel3\n";

class Csv : public ::testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return folder / "train.csv"; }
  Dataset read(const std::string& content, const CsvLayout& layout = {}) const {
    write(file(), content);
    return read_csv(find_csv(file()).value(), layout);
  }
  std::string refused(const std::string& content, const CsvLayout& layout = {}) const {
    return refusal([&] { (void)read(content, layout); });
  }
  Dataset read_folder() const { return read_csv(find_csv(folder.path()).value()); }

  TemporaryFolder folder;
};

TEST_F(Csv, ReadsKagglesMnist) {
  const Dataset dataset = read(std::string(kHeader) + "1,0,1,2,3\n0,255,254,253,252\n");
  EXPECT_EQ(dataset.shape, (ImageShape{1, 2, 2}));
  EXPECT_THAT(dataset.train.labels, ElementsAre(1, 0));
  EXPECT_THAT(dataset.train.images, ElementsAre(0, 1, 2, 3, 255, 254, 253, 252));
  EXPECT_THAT(dataset.class_names, ElementsAre("0", "1"));
  EXPECT_EQ(dataset.origin, file().string());
  EXPECT_THAT(dataset.notes, IsEmpty());
}

TEST_F(Csv, ASeparatorInQuotesBelongsToTheField) {
  const Dataset dataset = read(std::string(kHeader) +
                               "\"cat, small\",0,1,2,3\n\"a \"\"big\"\", dog\",4,5,6,7\n"
                               "\"cat, small\",8,9,8,9\n");
  ASSERT_EQ(dataset.class_names.size(), 2U);
  EXPECT_THAT(dataset.class_names, Contains("cat, small"));
  EXPECT_EQ(dataset.train.labels[0], dataset.train.labels[2]);
  EXPECT_THAT(dataset.train.images, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 9));
  // A quote that is never closed ends at the separator, as before.
  EXPECT_EQ(read(std::string(kHeader) + "\"cat,0,1,2,3\ndog,4,5,6,7\n").train.count(), 2U);
}

TEST_F(Csv, ReadsTheSameWhateverProgramWroteTheTable) {
  const std::string rows = "1,0,1,2,3\n0,4,5,6,7\n";
  const Dataset plain = read(kHeader + rows);
  for (const char* other :
       {"1,0,1,2,3\n0,4,5,6,7\n",  // no header
        "1,0,1,2,3\n0,4,5,6,7",    // no last line break
        "\xef\xbb\xbflabel,pixel0,pixel1,pixel2,pixel3\r\n1,0,1,2,3\r\n0,4,5,6,7\r\n\r\n",
        "label;p0;p1;p2;p3\n1;0;1;2;3\n0;4;5;6;7\n",                              // semicolons
        "label\tp0\tp1\tp2\tp3\n1\t0\t1\t2\t3\n0\t4\t5\t6\t7\n",                  // tabs
        "\"label\",\"a1\",\"a2\",\"a3\",\"a4\"\n\"1\", 0, 1, 2, 3\n0,4,5,6,7\n",  // quotes, blanks
        "Class,0,1,2,3\n1.0,0.0,1.0,2.0,3.0\n0.0,4.0,5.0,6.0,7.0\n",              // decimals
        "1x1,1x2,2x1,2x2,target\n0,1,2,3,1\n4,5,6,7,0\n",                         // label last
        "0,1,2,3,4\n1,0,1,2,3\n0,4,5,6,7\n"}) {  // numbers as names
    const Dataset dataset = read(other);
    EXPECT_EQ(dataset.train.images, plain.train.images) << other;
    EXPECT_EQ(dataset.train.labels, plain.train.labels) << other;
    const bool is_named = dataset.notes.empty();
    EXPECT_EQ(is_named, std::string(other).find_first_of("lCt") != std::string::npos) << other;
  }
  write(folder / "packed.csv.gz", gzip(kHeader + rows));
  EXPECT_EQ(read_csv(find_csv(folder / "packed.csv.gz").value()).train.images, plain.train.images);
}

TEST_F(Csv, NamesOfClassesAreSorted) {
  const Dataset dataset = read(std::string(kHeader) + "dog,0,1,2,3\ncat,4,5,6,7\ndog,1,1,1,1\n");
  EXPECT_THAT(dataset.class_names, ElementsAre("cat", "dog"));
  EXPECT_THAT(dataset.train.labels, ElementsAre(1, 0, 1));
}

TEST_F(Csv, SaysWhichColumnItTookForTheLabelIfNoneIsNamedSo) {
  const Dataset dataset = read("digit,p0,p1,p2,p3\n1,0,1,2,3\n0,4,5,6,7\n");
  EXPECT_THAT(dataset.train.labels, ElementsAre(1, 0));
  EXPECT_THAT(dataset.notes,
              ElementsAre("no column of train.csv is named label, class or target; the first one, "
                          "\"digit\", is taken as the label"));
}

TEST_F(Csv, SaysThatItTookTheFirstColumnOfATableWithoutNames) {
  EXPECT_THAT(read("1,0,1,2,3\n0,4,5,6,7\n").notes,
              ElementsAre("train.csv does not name its columns; the first one is taken as the "
                          "label"));
}

TEST_F(Csv, ColumnsThatNumberTheImagesAreLeftOutWithANote) {
  const Dataset dataset = read(",label,p0,p1,p2,p3\n0,1,0,1,2,3\n1,0,4,5,6,7\n");
  EXPECT_THAT(dataset.train.labels, ElementsAre(1, 0));
  EXPECT_THAT(dataset.train.images, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
  EXPECT_THAT(dataset.notes,
              ElementsAre("in train.csv, column 1 numbers the images and was left out"));
}

TEST_F(Csv, ImagesAreSquareUnlessTheSizeSaysHowTheyLie) {
  const std::string oblong = "1,0,1,2,3,4,5\n0,6,7,8,9,10,11\n";
  EXPECT_EQ(refused(oblong),
            file().string() +
                ": has 6 columns of pixels, which are not a square image; add size=HEIGHTxWIDTH "
                "with as many pixels");
  EXPECT_EQ(read(oblong, {.height = 2, .width = 3}).shape, (ImageShape{1, 2, 3}));
  EXPECT_THAT(refused(oblong, {.height = 2, .width = 2}), HasSubstr("not a square image"));
  EXPECT_EQ(read(std::string(kHeader) + "1,0,1,2,3\n0,4,5,6,7\n", {.height = 1, .width = 1}).shape,
            (ImageShape{1, 2, 2}))
      << "a square is resized later";
}

TEST_F(Csv, ColourIsInConsecutiveColumns) {
  const std::string colour = "1,10,20,30,11,21,31,12,22,32,13,23,33\n0,0,0,0,0,0,0,0,0,0,0,0,0\n";
  EXPECT_EQ(refused(colour),
            file().string() +
                ": has 12 columns of pixels, which are not a square image; add channels=3 if the "
                "red, green and blue of a pixel are in consecutive columns");
  const Dataset dataset = read(colour, {.channels = 3});
  EXPECT_EQ(dataset.shape, (ImageShape{3, 2, 2}));
  EXPECT_THAT(std::vector(dataset.train.images.begin(), dataset.train.images.begin() + 12),
              ElementsAre(10, 11, 12, 13, 20, 21, 22, 23, 30, 31, 32, 33));
}

TEST_F(Csv, ErrorsNameLineAndColumn) {
  const std::string start = file().string();
  EXPECT_EQ(refused(std::string(kHeader) + "1,0,1,2,3\n0,4,x,6,7\n"),
            start +
                ": line 3, column 3 (pixel1): \"x\" is not a pixel, an integer from 0 to 255; "
                "correct it");
  EXPECT_THAT(refused(std::string(kHeader) + "1,0,1,2,256\n"),
              HasSubstr("line 2, column 5 (pixel3): \"256\""));
  EXPECT_THAT(refused(std::string(kHeader) + "1,0,1,2,-1\n"), HasSubstr("\"-1\" is not a pixel"));
  EXPECT_THAT(refused(std::string(kHeader) + "1,0,1,,3\n"), HasSubstr("column 4 (pixel2): \"\""));
  EXPECT_THAT(refused(std::string(kHeader) + "1,0,0.5,0,0\n"),
              HasSubstr("multiply all pixels by 255 and round them"));
  EXPECT_EQ(refused(std::string(kHeader) + "1,0,1,2,3\n0,4,5,6\n"),
            start +
                ": line 3: has only 4 columns where the first line has 5; give every line as "
                "many columns");
  EXPECT_THAT(refused(std::string(kHeader) + "1,0,1,2,3,4\n"),
              HasSubstr("line 2: has more than 5 columns"));
  EXPECT_THAT(refused(std::string(kHeader) + "1,0,1,2,3,\n"),
              HasSubstr("line 2: has more than 5 columns"));
  EXPECT_THAT(refused(std::string(kHeader) + ",0,1,2,3\n"),
              HasSubstr("line 2, column 1 (label): the label is empty"));
  EXPECT_THAT(refused(std::string(kHeader) + "1,0,1,2,3\ncat,0,1,2,3\n"),
              HasSubstr("line 3, column 1 (label): the label \"cat\" is not a number from 0"));
  EXPECT_THAT(refused(std::string(kHeader) + "70000,0,1,2,3\n"),
              HasSubstr("line 2, column 1 (label): label 70000 is out of range"));
}

TEST_F(Csv, RefusesWhatIsNoTableOfPixels) {
  EXPECT_THAT(refused(""), HasSubstr("the table is empty"));
  EXPECT_THAT(refused(kHeader), HasSubstr("has no line after the names of its columns"));
  EXPECT_EQ(refused("emotion,pixels,Usage\n0,1 2 3 4,Training\n"),
            file().string() +
                ": line 1, column 2 (pixels): is neither the label nor a pixel; remove the "
                "column, or put a number into the name of a pixel");
  EXPECT_EQ(refused("p0,p1,p2,p3\n0,1,2,3\n"),
            file().string() +
                ": line 1: the table has no column of labels; name the column of the labels "
                "\"label\"");
  EXPECT_THAT(refused("label\n1\n"),
              HasSubstr("train.csv: line 1: has a single column; separate the label"));
}

TEST_F(Csv, AFolderHasATableForEachSplit) {
  const std::string row = "1,0,1,2,3\n0,4,5,6,7\n";
  for (const char* prefix : {"", "mnist_", "fashion-mnist_", "sign_mnist_"}) {
    const TemporaryFolder tables;
    write(tables / (std::string(prefix) + "train.csv"), kHeader + row + row);
    write(tables / (std::string(prefix) + "test.csv"), kHeader + row);
    write(tables / (std::string(prefix) + "val.csv"), std::string(kHeader) + "1,1,1,1,1\n");
    const Dataset dataset = read_csv(find_csv(tables.path()).value());
    EXPECT_EQ(dataset.train.count(), 4u) << prefix;
    EXPECT_EQ(dataset.test.count(), 2u) << prefix;
    EXPECT_EQ(dataset.validation.count(), 1u) << prefix;
  }
}

TEST_F(Csv, ATestTableWithoutLabelsIsLeftOutWithANote) {
  write(folder / "train.csv", std::string(kHeader) + "1,0,1,2,3\n0,4,5,6,7\n");
  write(folder / "test.csv", "pixel0,pixel1,pixel2,pixel3\n0,1,2,3\n");
  write(folder / "sample_submission.csv", "ImageId,Label\n1,0\n");
  const Dataset dataset = read_folder();
  EXPECT_EQ(dataset.test.count(), 0u);
  EXPECT_THAT(dataset.notes,
              ElementsAre("test.csv has no column of labels and was left out",
                          "1 other file of the folder was left out: sample_submission.csv"));
}

TEST_F(Csv, RefusesTablesThatDoNotFitTogether) {
  write(folder / "train.csv", std::string(kHeader) + "1,0,1,2,3\n0,4,5,6,7\n");
  write(folder / "test.csv", "label,p0\n0,1\n");
  EXPECT_THAT(refusal([&] { (void)read_folder(); }),
              HasSubstr("test.csv: line 1: has 1 columns of pixels, train.csv has 4"));
  write(folder / "other_train.csv", "");
  EXPECT_THAT(refusal([&] { (void)read_folder(); }),
              HasSubstr("has two tables for training, other_train.csv and train.csv; name the file "
                        "that is wanted"));
}

TEST_F(Csv, AFolderOfTrainingImagesIsNoTable) {
  write(folder / "train.csv", "file,label\n");
  write(folder / "train/a/1.png", flat_png(1, 1, {1}));
  EXPECT_EQ(find_csv(folder.path()), std::nullopt);
}

TEST_F(Csv, TakesNoMoreMemoryThanIsAllowed) {
  std::string content = kHeader;
  for (int i = 0; i < 1000; ++i) content += "1,0,1,2,3\n";
  write(file(), content);
  EXPECT_THAT(refusal([&] { (void)read_csv(find_csv(file()).value(), {}, DataMemory(1000)); }),
              AllOf(HasSubstr("train.csv"), HasSubstr("memory that data may take")));
  EXPECT_THAT(refused(std::string(kMaxCsvLineBytes + 300'000, '1')),
              HasSubstr("train.csv: line 1: is longer than 64 MB"));
}

TEST_F(Csv, HoldsOutTestImagesWhereThereAreNone) {
  std::string content = kHeader;
  for (int i = 0; i < 40; ++i) content += fmt::format("{},{},1,2,3\n", i / 20, i);
  write(file(), content);
  const std::string path = file().string();
  EXPECT_EQ(refusal([&] { (void)load(parse_source(path), {}); }),
            path +
                ": has no test images; add test_share=0.2 to hold out a fifth of the training "
                "images for testing");
  const Dataset dataset = load(parse_source(path + " test_share=0.2 size=1x1"), {});
  EXPECT_THAT(class_counts(dataset.train, 2), ElementsAre(16, 16));
  EXPECT_THAT(class_counts(dataset.test, 2), ElementsAre(4, 4));
  EXPECT_EQ(dataset.shape, (ImageShape{1, 1, 1}));
  EXPECT_EQ(dataset.name, path + " size=1x1 test_share=0.2");
}

}  // namespace
}  // namespace minima::data
