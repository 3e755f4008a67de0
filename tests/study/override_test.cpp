#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "studies.h"
#include "study/file/study_file.h"
#include "support/messages.h"

namespace minima::study {
namespace {

Study with(const std::vector<std::string>& settings, const std::string& train = "") {
  std::vector<Override> overrides;
  for (const std::string& setting : settings) overrides.push_back(parse_override(setting));
  return parse_study(study_text(train), "a.toml", overrides);
}

std::string override_refusal(const std::string& setting) {
  return message_of([&] { (void)with({setting}); });
}

TEST(Override, ReplacesWhatTheFileSays) {
  EXPECT_EQ(with({"train.epochs=5"}, "epochs = 7").train.epochs, 5);
  EXPECT_EQ(with({"study.replicates = 3"}).replicates, 3);
  EXPECT_EQ(with({"train.learning_rate=1e-2"}).train.learning_rate, 0.01);
}

TEST(Override, TakesABareWordAsText) {
  EXPECT_EQ(with({"train.optimizer=sgd"}).train.optimizer.kind, Optimizer::Kind::sgd);
  EXPECT_EQ(with({"train.init=he-normal"}).train.init.kind, Init::Kind::he_normal);
  EXPECT_EQ(with({"data.datasets=glyphs difficulty=0.7"}).datasets.at(0).text,
            "glyphs difficulty=0.7");
}

TEST(Override, TakesListsAndTables) {
  EXPECT_EQ(with({"data.datasets=[\"glyphs\", \"textures\"]"}).datasets.size(), 2u);
  EXPECT_EQ(with({"train.optimizer={ name = \"sgd\", momentum = 0.5 }"}).train.optimizer.momentum,
            0.5);
}

TEST(Override, ReachesTheOptionsOfAChoice) {
  const Study study = with({"train.optimizer.momentum=0.9"}, "optimizer = \"sgd\"");
  EXPECT_EQ(study.train.optimizer.kind, Optimizer::Kind::sgd);
  EXPECT_EQ(study.train.optimizer.momentum, 0.9);
  EXPECT_EQ(with({"train.optimizer.beta1=0.5"}).train.optimizer.beta1, 0.5);
}

TEST(Override, LastOneWins) {
  EXPECT_EQ(with({"train.epochs=5", "train.epochs=6"}).train.epochs, 6);
}

TEST(Override, LeavesTheTextOfTheFileAlone) {
  EXPECT_EQ(with({"train.epochs=5"}).text, study_text());
}

TEST(Override, IsNamedByItsErrors) {
  EXPECT_EQ(override_refusal("train.epohcs=5"),
            "--set train.epohcs=5: unknown key \"epohcs\" in [train]; did you mean \"epochs\"?");
  EXPECT_EQ(
      override_refusal("trian.epochs=5"),
      "--set trian.epochs=5: unknown key \"trian\" in the study file; did you mean \"train\"?");
  EXPECT_EQ(override_refusal("train.epochs=0"),
            "--set train.epochs=0: epochs = 0 is out of range; write a number from 1 to 100,000");
  EXPECT_EQ(override_refusal("train.epochs=five"),
            "--set train.epochs=five: epochs is the text \"five\"; write an integer from 1 to "
            "100,000");
  EXPECT_EQ(
      override_refusal("data.datasets=[\"mnist\", 5]"),
      "--set data.datasets=[\"mnist\", 5]: dataset is 5; write its name in quotes, or a table");
  EXPECT_EQ(override_refusal("train.epochs.x=5"),
            "--set train.epochs.x=5: epochs is a table; write an integer from 1 to 100,000");
  EXPECT_EQ(
      override_refusal("data.datasets.x=5"),
      "--set data.datasets.x=5: a list has no options of its own; write SECTION.KEY=VALUE, such "
      "as train.epochs=5");
}

TEST(Override, RefusesWhatIsNoSetting) {
  const std::string hint = "; write SECTION.KEY=VALUE, such as train.epochs=5";
  EXPECT_EQ(override_refusal("train.epochs"), "--set train.epochs: has no \"=\"" + hint);
  EXPECT_EQ(override_refusal("train.epochs="), "--set train.epochs=: has no value" + hint);
  EXPECT_EQ(override_refusal("=5"), "--set =5: \"\" does not name an option" + hint);
  EXPECT_EQ(override_refusal("train..epochs=5"),
            "--set train..epochs=5: \"train..epochs\" does not name an option" + hint);
  EXPECT_EQ(override_refusal("epochs=5"),
            "--set epochs=5: \"epochs\" does not name an option" + hint);
  EXPECT_EQ(override_refusal("design.width=5"),
            "--set design.width=5: designs cannot be set; change them in the study file");
}

TEST(Override, CannotSmuggleInASecondKey) {
  EXPECT_EQ(override_refusal("train.epochs=5\nbatch = 7"),
            "--set train.epochs=5\\x0abatch = 7: epochs is the text \"5\\x0abatch = 7\"; write an "
            "integer from 1 to 100,000");
}

}  // namespace
}  // namespace minima::study
