#include "study/file/study_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "studies.h"
#include "support/messages.h"

namespace minima::study {
namespace {

using ::testing::ElementsAre;

constexpr const char* kFull = R"([study]
name = "mnist-small"
replicates = 5
seed = 9223372036854775807
weights = "all"

[data]
datasets = ["mnist", { name = "glyphs", difficulty = 0.7, train = 2000 }, "my/folder size=28x28"]

[train]
epochs = 8
batch = 64
optimizer = { name = "adamw", beta1 = 0.8, weight_decay = 0.1 }
learning_rate = 0.002
schedule = { name = "step", every = 4, factor = 0.5 }
init = { name = "normal", sd = 0.05 }
scaling = "standardised"
loss = "mse"

[[design]]
family = "dnn"
depth = [1, 2, 3]
width = 8
shape = "all"
step = 1.5

[[design]]
architectures = ["dnn 300-100", " dnn  linear "]

[[design]]
family = "dnn"
draws = 1000
depth = 2
width = { min = 5, max = 200 }
)";

TEST(StudyFile, ReadsEveryOption) {
  const Study study = parse_study(kFull, "s.toml");
  EXPECT_EQ(study.name, "mnist-small");
  EXPECT_EQ(study.replicates, 5);
  EXPECT_EQ(study.seed, 9223372036854775807ULL);
  EXPECT_EQ(study.weights, KeepWeights::all);
  EXPECT_EQ(study.train.epochs, 8);
  EXPECT_EQ(study.train.batch, 64);
  EXPECT_EQ(study.train.optimizer.kind, Optimizer::Kind::adamw);
  EXPECT_EQ(study.train.optimizer.beta1, 0.8);
  EXPECT_EQ(study.train.optimizer.weight_decay, 0.1);
  EXPECT_EQ(study.train.learning_rate, 0.002);
  EXPECT_EQ(study.train.schedule.kind, Schedule::Kind::step);
  EXPECT_EQ(study.train.schedule.every, 4);
  EXPECT_EQ(study.train.schedule.factor, 0.5);
  EXPECT_EQ(study.train.init.kind, Init::Kind::normal);
  EXPECT_EQ(study.train.init.sd, 0.05);
  EXPECT_EQ(study.train.scaling, Scaling::standardised);
  EXPECT_EQ(study.train.loss, Loss::mse);
  EXPECT_EQ(study.text, kFull);
  EXPECT_EQ(study.file, "s.toml");
}

TEST(StudyFile, SaysAfterWhichEpochsWeightsAreMeasured) {
  const std::string rest = "[data]\ndatasets = \"mnist\"\n[[design]]\narchitectures = \"dnn 2\"\n";
  const std::string name = "[study]\nname = \"a\"\n";
  EXPECT_TRUE(parse_study(name + rest, "s.toml").weight_epochs.empty());
  EXPECT_TRUE(parse_study(name + "weight_epochs = []\n" + rest, "s.toml").weight_epochs.empty());
  EXPECT_EQ(parse_study(name + "weight_epochs = [1, 4]\n" + rest, "s.toml").weight_epochs,
            (std::vector<int>{1, 4}));
}

TEST(StudyFile, ReadsEveryKindOfDesignWithItsPlace) {
  const Study study = parse_study(kFull, "s.toml");
  ASSERT_EQ(study.designs.size(), 3u);
  const auto& grid = std::get<DnnGrid>(study.designs[0].what);
  EXPECT_THAT(grid.depth, ElementsAre(1, 2, 3));
  EXPECT_THAT(grid.width, ElementsAre(8));
  EXPECT_EQ(grid.shape, DnnGrid::Shape::all);
  EXPECT_EQ(grid.step, 1.5);
  const auto& list = std::get<ArchitectureList>(study.designs[1].what);
  ASSERT_EQ(list.architectures.size(), 2u);
  EXPECT_EQ(list.architectures[0].text(), "dnn 300-100");
  EXPECT_EQ(list.architectures[1].text(), "dnn linear");
  const auto& draws = std::get<DnnDraws>(study.designs[2].what);
  EXPECT_EQ(draws.draws, 1000);
  EXPECT_THAT(draws.depth, ElementsAre(2));
  EXPECT_EQ(draws.min_width, 5);
  EXPECT_EQ(draws.max_width, 200);
  EXPECT_EQ(study.designs[1].place.where, "line 27, column 1");
}

TEST(StudyFile, TurnsDatasetTablesIntoNotation) {
  const Study study = parse_study(kFull, "s.toml");
  ASSERT_EQ(study.datasets.size(), 3u);
  EXPECT_EQ(study.datasets[0].text, "mnist");
  EXPECT_EQ(study.datasets[1].text, "glyphs difficulty=0.7 train=2000");
  EXPECT_EQ(study.datasets[2].text, "my/folder size=28x28");
  EXPECT_EQ(study.datasets[1].place.file, "s.toml");
  EXPECT_EQ(study.datasets[1].place.where, "line 8, column 22");
}

TEST(StudyFile, HasTheDefaultsOfTheContract) {
  const Study study = study_of("");
  EXPECT_EQ(study.replicates, 1);
  EXPECT_EQ(study.seed, 1u);
  EXPECT_EQ(study.weights, KeepWeights::representative);
  EXPECT_EQ(study.train.epochs, 20);
  EXPECT_EQ(study.train.batch, 100);
  EXPECT_EQ(study.train.learning_rate, 0.001);
  EXPECT_EQ(study.train.init.kind, Init::Kind::he_normal);
}

TEST(StudyFile, NeedsNoTrainSection) {
  const Study study = parse_study(
      "study.name = 'x'\ndata.datasets = 'glyphs'\n"
      "design = [{ architectures = 'dnn 3' }]\n",
      "x.toml");
  EXPECT_EQ(study.datasets.at(0).text, "glyphs");
  EXPECT_EQ(study.designs.size(), 1u);
}

TEST(StudyFile, MayHaveAByteOrderMarkAndWindowsLineEnds) {
  std::string text = kFull;
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) {
    text.replace(at, 1, "\r\n");
  }
  const Study study = parse_study("\xef\xbb\xbf" + text, "s.toml");
  EXPECT_EQ(study.name, "mnist-small");
  EXPECT_EQ(study.designs[1].place.where, "line 27, column 1");
}

TEST(StudyFile, IsReadFromDisk) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "minima-study-on-disk.toml";
  std::ofstream(path) << kFull;
  EXPECT_EQ(read_study(path).name, "mnist-small");
  std::filesystem::remove(path);
  EXPECT_THAT(message_of([&] { (void)read_study(path); }),
              ::testing::HasSubstr("minima-study-on-disk.toml: cannot be read"));
}

TEST(StudyFile, EmbeddedStudyIsValid) {
  const Study study =
      read_study(std::filesystem::path(MINIMA_SOURCE_DIR) / "studies/embedded.toml");
  EXPECT_EQ(study.name, "embedded");
  EXPECT_EQ(study.datasets.size(), 2u);
}

TEST(StudyFile, OfEveryStudyThatComesWithTheProgramIsUnderstood) {
  int studies = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(MINIMA_SOURCE_DIR) / "studies")) {
    EXPECT_NO_THROW(static_cast<void>(read_study(entry.path()))) << entry.path();
    ++studies;
  }
  EXPECT_GE(studies, 2);
}

}  // namespace
}  // namespace minima::study
