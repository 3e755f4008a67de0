#include "study/settings/train_settings.h"

#include <gtest/gtest.h>

#include <cmath>

#include "studies.h"

namespace minima::study {
namespace {

std::string text_of(const std::string& train) {
  return study_of(train).train.text();
}

TEST(TrainSettings, HaveNoTextWhereAllIsDefault) {
  EXPECT_EQ(TrainSettings{}.text(), "");
  EXPECT_EQ(text_of(""), "");
}

TEST(TrainSettings, WrittenOutDefaultsAreStillNoText) {
  EXPECT_EQ(text_of("epochs = 20\nbatch = 100\noptimizer = \"adam\"\nlearning_rate = 0.001\n"
                    "schedule = \"constant\"\ninit = \"he-normal\"\nscaling = \"unit\"\n"
                    "loss = \"cross-entropy\"\n"),
            "");
  EXPECT_EQ(text_of("optimizer = { name = \"adam\", beta1 = 0.9, weight_decay = 0 }"), "");
}

TEST(TrainSettings, PrintWhatDiffersInTheOrderOfTheTable) {
  EXPECT_EQ(text_of("loss = \"mse\"\nscaling = \"standardised\"\nbatch = 50\nepochs = 3\n"
                    "learning_rate = 1\n"),
            "epochs=3 batch=50 learning_rate=1 scaling=standardised loss=mse");
}

TEST(TrainSettings, PrintOptionsOfAChoiceWhereTheyDifferFromItsOwnDefaults) {
  EXPECT_EQ(text_of("optimizer = \"sgd\""), "optimizer=sgd");
  EXPECT_EQ(text_of("optimizer = { name = \"sgd\", momentum = 0.9, weight_decay = 1e-4 }"),
            "optimizer=sgd(momentum=0.9,weight_decay=0.0001)");
  EXPECT_EQ(text_of("optimizer = { name = \"adamw\", weight_decay = 0.01 }"), "optimizer=adamw");
  EXPECT_EQ(text_of("optimizer = { name = \"adamw\", weight_decay = 0 }"),
            "optimizer=adamw(weight_decay=0)");
  EXPECT_EQ(text_of("schedule = { name = \"step\", every = 5 }"), "schedule=step(every=5)");
  EXPECT_EQ(text_of("init = { name = \"normal\", sd = 0.05 }"), "init=normal");
  EXPECT_EQ(text_of("init = { name = \"normal\", sd = 0.02 }"), "init=normal(sd=0.02)");
}

TEST(TrainSettings, IgnoreOptionsThatTheChoiceDoesNotHave) {
  TrainSettings settings;
  settings.optimizer.momentum = 0.5;  // Adam has none
  settings.schedule.every = 3;
  settings.init.sd = 1.0;
  EXPECT_EQ(settings.text(), "");
}

TEST(TrainSettings, AdamWDecaysByOneHundredthUnlessToldOtherwise) {
  EXPECT_EQ(study_of("optimizer = \"adamw\"").train.optimizer.weight_decay, 0.01);
  EXPECT_EQ(study_of("optimizer = \"adam\"").train.optimizer.weight_decay, 0.0);
}

TEST(ScheduleFactor, IsOneWhereConstant) {
  EXPECT_EQ(schedule_factor({.kind = Schedule::Kind::constant}, 7, 20), 1.0);
}

TEST(ScheduleFactor, FallsAsACosineFromOneToNearlyZero) {
  const Schedule cosine{.kind = Schedule::Kind::cosine};
  EXPECT_EQ(schedule_factor(cosine, 0, 10), 1.0);
  EXPECT_NEAR(schedule_factor(cosine, 5, 10), 0.5, 1e-12);
  EXPECT_NEAR(schedule_factor(cosine, 9, 10), 0.5 * (1 - std::cos(0.31415926535897932)), 1e-12);
}

TEST(ScheduleFactor, DropsByStepsAfterEveryFewEpochs) {
  const Schedule step{.kind = Schedule::Kind::step, .every = 3, .factor = 0.5};
  EXPECT_EQ(schedule_factor(step, 2, 10), 1.0);
  EXPECT_EQ(schedule_factor(step, 3, 10), 0.5);
  EXPECT_EQ(schedule_factor(step, 8, 10), 0.25);
}

}  // namespace
}  // namespace minima::study
