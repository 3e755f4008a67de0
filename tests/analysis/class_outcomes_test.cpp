#include "analysis/images/class_outcomes.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace minima::analysis {
namespace {

using Labels = std::vector<std::uint16_t>;

TEST(Confusion, CountsWhatEachClassIsGiven) {
  const Labels labels = {0, 0, 0, 1, 1, 2};
  Confusion confusion(4);
  confusion.add(labels, Labels{0, 0, 1, 1, 1, 0});
  confusion.add(labels, Labels{0, 2, 1, 1, 0, 2});
  EXPECT_EQ(confusion.count(0, 0), 3);
  EXPECT_EQ(confusion.count(0, 1), 2);
  EXPECT_EQ(confusion.count(0, 2), 1);
  EXPECT_EQ(confusion.count(2, 0), 1);
  EXPECT_EQ(confusion.images_of(0), 6);  // three images, twice
  EXPECT_EQ(confusion.images_of(3), 0);
  EXPECT_EQ(confusion.predicted_as(1), 5);
}

TEST(Confusion, RefusesAClassThatTheDatasetDoesNotHave) {
  Confusion confusion(2);
  EXPECT_THROW(confusion.add(Labels{0}, Labels{2}), std::invalid_argument);
  EXPECT_THROW(confusion.add(Labels{0, 1}, Labels{0}), std::invalid_argument);
}

TEST(ClassAccuracies, GiveEveryClassTheSameWeight) {
  // 90 images of class 0 and 10 of class 1: always predicting 0 gives a useless 90 %.
  Labels labels(90, 0);
  labels.resize(100, 1);
  const auto constant = right_of(labels, Labels(100, 0));
  const ClassAccuracies found =
      class_accuracies(labels, 3, std::vector{constant, constant, constant}, 0.95);
  ASSERT_EQ(found.classes.size(), 2);  // class 2 has no images
  EXPECT_DOUBLE_EQ(found.classes[0].accuracy.mean, 1.0);
  EXPECT_DOUBLE_EQ(found.classes[1].accuracy.mean, 0.0);
  EXPECT_EQ(found.classes[1].images, 10);
  EXPECT_DOUBLE_EQ(found.balanced.mean, 0.5);
  ASSERT_TRUE(found.worst);
  EXPECT_EQ(found.worst->label, 1);
}

TEST(ClassAccuracies, AllowForTheChoiceOfTheWorst) {
  Labels labels;
  for (std::uint16_t k = 0; k < 10; ++k) labels.insert(labels.end(), 50, k);
  auto right = right_of(labels, labels);
  for (std::size_t j = 150; j < 160; ++j) right[j] = 0;  // ten of class 3
  const ClassAccuracies found =
      class_accuracies(labels, 10, std::vector<std::vector<std::uint8_t>>{right}, 0.95);
  ASSERT_TRUE(found.worst);
  EXPECT_EQ(found.worst->label, 3);
  EXPECT_DOUBLE_EQ(found.worst->accuracy.mean, 0.8);
  // Wilson limits of 40 of 50 at a confidence of 99.5 %.
  const ProportionInterval limits = wilson_of_share(0.8, 50.0, 0.995);
  EXPECT_NEAR(found.worst->accuracy.low, limits.low, 1e-12);
  EXPECT_LT(found.worst->accuracy.low, found.classes[3].accuracy.low);
  EXPECT_NEAR(found.balanced.mean, 0.98, 1e-12);
}

TEST(TopClass, IsTheOneWithTheMostImages) {
  const TopClass top = top_class(Labels{2, 2, 1, 2}, 3);
  EXPECT_EQ(top.label, 2);
  EXPECT_DOUBLE_EQ(top.share, 0.75);
}

}  // namespace
}  // namespace minima::analysis
