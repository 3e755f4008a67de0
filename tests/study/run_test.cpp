#include "study/run.h"

#include <gtest/gtest.h>

#include "core/codes/sha256.h"
#include "record/run_result.h"
#include "studies.h"

namespace minima::study {
namespace {

Run mnist_run(const TrainSettings& train = {}) {
  return make_run("mnist", network::Architecture::parse("dnn 5-5"), 0, 1, train);
}

// Ids are a guarantee: stores of earlier versions are resumed by id. Never change these.
TEST(RunId, IsWhatItAlwaysWas) {
  EXPECT_EQ(mnist_run().id, "a460133451246266");
  EXPECT_EQ(
      make_run("glyphs difficulty=0.7", network::Architecture::parse("dnn linear"), 29, 7, {}).id,
      "b444c95c60c24b06");
  const Study study = study_of(
      "epochs = 5\noptimizer = { name = \"sgd\", momentum = 0.9 }\n"
      "init = { name = \"normal\", sd = 0.02 }\n");
  EXPECT_EQ(mnist_run(study.train).id, "3b78c8c2ce42d5de");
}

// Ids are a guarantee: stores of earlier versions are resumed by id. Never change these.
TEST(RunId, OfEveryFamilyIsWhatItAlwaysWas) {
  const auto id = [](const std::string& text) {
    return make_run("mnist", network::Architecture::parse(text), 0, 1, {}).id;
  };
  EXPECT_EQ(id("cnn 8"), "1a1e2d7c5094c13c");
  EXPECT_EQ(id("vit d64 h4 l2 p7"), "6b441573c2f1e354");
  EXPECT_EQ(id("vit paper h4"), "89fbc435f4f6f8f2");
  EXPECT_EQ(id("vit d64 h4 l2 p7 drop0"), id("vit d64 h4 l2 p7"));
  EXPECT_NE(id("vit d64 h4 l2 p7 drop0.1"), id("vit d64 h4 l2 p7"));
}

TEST(RunId, IsTheHashOfTheCanonicalText) {
  EXPECT_EQ(
      mnist_run().id,
      sha256("dataset=mnist\narchitecture=dnn 5-5\nreplicate=0\nseed=1\ntrain=\n").substr(0, 16));
}

TEST(RunId, StaysWhenDefaultsAreWrittenOut) {
  const Study study = study_of("epochs = 20\noptimizer = { beta2 = 0.999 }\nscaling = \"unit\"\n");
  EXPECT_EQ(mnist_run(study.train).id, mnist_run().id);
}

TEST(RunId, ChangesWithEverythingThatMakesARun) {
  const std::string id = mnist_run().id;
  const auto architecture = network::Architecture::parse("dnn 5-5");
  EXPECT_NE(make_run("fashion-mnist", architecture, 0, 1, {}).id, id);
  EXPECT_NE(make_run("mnist", network::Architecture::parse("dnn 5-6"), 0, 1, {}).id, id);
  EXPECT_NE(make_run("mnist", architecture, 1, 1, {}).id, id);
  EXPECT_NE(make_run("mnist", architecture, 0, 2, {}).id, id);
  EXPECT_NE(mnist_run(study_of("epochs = 21").train).id, id);
  EXPECT_NE(mnist_run(study_of("loss = \"mse\"").train).id, id);
  EXPECT_NE(mnist_run(study_of("class_weights = \"balanced\"").train).id, id);
  EXPECT_EQ(mnist_run(study_of("class_weights = \"none\"").train).id, id);
}

TEST(RunStatus, PrintsAsInTheStore) {
  EXPECT_EQ(word_of(record::RunStatus::planned), "planned");
  EXPECT_EQ(word_of(record::RunStatus::finished), "finished");
  EXPECT_EQ(word_of(record::RunStatus::diverged), "diverged");
}

}  // namespace
}  // namespace minima::study
