#include "study/file/recorded_training.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "studies.h"

namespace minima::study {
namespace {

/// The training of another study once it is changed to `training`.
std::string changed_to(const std::string& training) {
  const std::string file = study_text("epochs = 7\noptimizer = { name = \"sgd\", momentum = 0.9 }");
  return parse_study(file, "digits", overrides_as_recorded(training)).training_text();
}

TEST(RecordedTraining, ReplacesThatOfTheStudyFile) {
  for (const char* training :
       {"seed=1", "seed=1 epochs=3", "seed=12345 epochs=7 batch=1 learning_rate=1e-05",
        "seed=1 optimizer=sgd(momentum=0.5,weight_decay=0.0001) schedule=step(every=5,factor=0.5)",
        "seed=1 optimizer=adamw(weight_decay=0) schedule=cosine init=normal(sd=0.02) "
        "scaling=standardised loss=mse",
        "seed=1 init=normal", "seed=1 init=pytorch class_weights=balanced"}) {
    EXPECT_EQ(changed_to(training), training);
  }
}

TEST(RecordedTraining, IsRefusedIfAStoreHasAnotherText) {
  for (const char* text : {"seed=1 epochs=\"3", "seed=1 init=normal(sd=\n)", "seed=1 [train]=3",
                           "seed=1 epochs=", "seed=1 epochs=many", "seed=\""}) {
    EXPECT_THROW(changed_to(text), Error) << text;
  }
}

}  // namespace
}  // namespace minima::study
