#include "run/setup/prepare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "fakes.h"
#include "record/study.h"

namespace minima::run {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string refusal(const study::Study& study, const Loader& loader) {
  try {
    static_cast<void>(prepare(study, loader));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), Error::Kind::input);
    return error.what();
  }
  return "";
}

TEST(Prepare, ExpandsTheStudyInTheOrderOfTheFile) {
  const Prepared prepared = prepare(tiny_study(2), tiny_loader());
  ASSERT_EQ(prepared.runs.size(), 12U);
  EXPECT_EQ(prepared.runs.front().dataset, "glyphs");
  EXPECT_EQ(prepared.runs.back().dataset, "textures");
  EXPECT_EQ(prepared.runs.size(), prepared.plan.size());
}

TEST(Prepare, ListsArchitecturesWithParametersAndRuns) {
  const auto planned = architectures_of(prepare(tiny_study(2), tiny_loader()));
  ASSERT_EQ(planned.size(), 6U);
  EXPECT_EQ(planned[0].architecture, "dnn 2");
  EXPECT_EQ(planned[0].dataset, "glyphs");
  EXPECT_EQ(planned[0].family, network::Family::dnn);
  EXPECT_EQ(planned[0].parameters, 64 * 2 + 2 + 2 * 2 + 2);
  EXPECT_EQ(planned[0].runs, 2);
}

TEST(Prepare, ShardsHaveEveryRunOnce) {
  std::set<std::string> ids;
  std::size_t runs = 0;
  for (int i = 1; i <= 3; ++i) {
    const Prepared prepared = prepare(tiny_study(), tiny_loader(), study::Shard{i, 3});
    runs += prepared.runs.size();
    for (const auto& run : prepared.runs) ids.insert(run.id);
  }
  EXPECT_EQ(runs, 24U);
  EXPECT_EQ(ids.size(), 24U);
}

TEST(Prepare, NamesTheLocationOfADatasetThatCannotBeRead) {
  study::Study study = tiny_study();
  study.datasets[1] = {"glyphs dificulty=0.5", {"tiny.toml", "line 5, column 3"}};
  EXPECT_THAT(refusal(study, tiny_loader()),
              AllOf(HasSubstr("tiny.toml: line 5, column 3"), HasSubstr("difficulty")));
}

TEST(Prepare, NotesABatchLargerThanTheTrainingSetAndKeepsItInTheIds) {
  study::Study study = tiny_study();
  study.train.batch = 41;
  const Prepared prepared = prepare(study, tiny_loader());
  for (const record::DatasetRecord& dataset : prepared.datasets->records()) {
    EXPECT_THAT(dataset.notes, testing::ElementsAre(
                                   "train.batch = 41 is more than the 40 training images, so each "
                                   "step takes all of them"));
  }
  for (const study::Run& run : prepared.plan) {
    EXPECT_EQ(run.train.batch, 41);
    EXPECT_EQ(run.id, study::run_id(run));
  }
  study.train.batch = 40;
  EXPECT_THAT(prepare(study, tiny_loader()).datasets->records()[0].notes, testing::IsEmpty());
}

TEST(Prepare, RefusesADatasetWithOneClass) {
  const Loader one_class = [](const data::Source& source) {
    return tiny_dataset(source.text(), 40, 20, 1);
  };
  EXPECT_THAT(refusal(tiny_study(), one_class), HasSubstr("fewer than two classes"));
}

TEST(Prepare, RefusesADatasetWithoutTestImages) {
  const Loader no_test = [](const data::Source& source) {
    return tiny_dataset(source.text(), 40, 0);
  };
  EXPECT_THAT(refusal(tiny_study(), no_test), HasSubstr("no test images"));
}

}  // namespace
}  // namespace minima::run
